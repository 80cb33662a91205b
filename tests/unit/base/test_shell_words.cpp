#include "base/shell_words.h"

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <memory>

using namespace memrb::base;
using Words = std::vector<std::string>;

namespace {

std::string error_of(std::string_view text) {
    const auto words = split_words(text);
    return words ? "no error" : words.error().message;
}

std::size_t error_offset(std::string_view text) {
    const auto words = split_words(text);
    return words ? 9'999 : words.error().offset;
}

/// What a real shell makes of a line: its words, one on each line, each ended by a bar.
std::string seen_by_sh(const std::string& line) {
    const std::string script = "set -- " + line + "\nprintf '%s|\\n' \"$@\"";
    const std::unique_ptr<FILE, int (*)(FILE*)> sh(::popen(("exec sh -c " + quote_word(script)).c_str(), "r"),
                                                   ::pclose);
    std::string out;
    std::array<char, 512> buffer{};
    while (std::size_t n = std::fread(buffer.data(), 1, buffer.size(), sh.get())) {
        out.append(buffer.data(), n);
    }
    return out;
}

}  // namespace

TEST_CASE("words are split by the shell's quoting rules", "[shell_words]") {
    CHECK(split_words("docker ps -a") == Words{"docker", "ps", "-a"});
    CHECK(split_words("  a \t b  ") == Words{"a", "b"});
    CHECK(split_words("") == Words{});
    CHECK(split_words(" \n") == Words{});
    CHECK(split_words("stats --format '{{json .}}'") == Words{"stats", "--format", "{{json .}}"});
    CHECK(split_words(R"(a 'it'\''s' b)") == Words{"a", "it's", "b"});
    CHECK(split_words(R"("a b"c'd e'f)") == Words{"a bcd ef"});
    CHECK(split_words(R"(a '' "" b)") == Words{"a", "", "", "b"});
    CHECK(split_words(R"(a\ b \\ \')") == Words{"a b", "\\", "'"});
    CHECK(split_words(R"("\"\\\$\`\n")") == Words{"\"\\$`\\n"});
    CHECK(split_words("python3 -c 'import gc\nprint(1)\n'") == Words{"python3", "-c", "import gc\nprint(1)\n"});
    CHECK(split_words("docker ps -a\n") == Words{"docker", "ps", "-a"});
    CHECK(split_words("docker \\\n  ps") == Words{"docker", "ps"});
    CHECK(split_words("do\\\ncker") == Words{"docker"});
    CHECK(split_words("\"a\\\nb\"") == Words{"ab"});
}

TEST_CASE("nothing is expanded", "[shell_words]") {
    CHECK(split_words("a ${x} $HOME * ~ {a,b} a#b") == Words{"a", "${x}", "$HOME", "*", "~", "{a,b}", "a#b"});
    CHECK(split_words("'$(x)' \"$(y)\" '`' '#'") == Words{"$(x)", "$(y)", "`", "#"});
    CHECK(split_words("'a|b' \"c;d\" e\\&f") == Words{"a|b", "c;d", "e&f"});
}

TEST_CASE("what only a shell could do is an error with its place", "[shell_words]") {
    CHECK(error_of("docker ps | head") == "unquoted `|`: no shell runs here; quote it, or use `shell:` for a script");
    CHECK(error_offset("docker ps | head") == 10);
    CHECK(error_of("a; rm -rf /").starts_with("unquoted `;`"));
    CHECK(error_of("a && b").starts_with("unquoted `&`"));
    CHECK(error_of("a > b").starts_with("unquoted `>`"));
    CHECK(error_of("a < b").starts_with("unquoted `<`"));
    CHECK(error_of("a `b`").starts_with("unquoted ``"));
    CHECK(error_of("docker logs $(docker ps -q)").starts_with("unquoted `$(`"));
    CHECK(error_of("docker ps  # all").starts_with("unquoted `#`"));
    CHECK(error_of("one\ntwo") == "a second line: one step is one command; use `shell:` for a script");
    CHECK(error_offset("one\ntwo") == 3);
    CHECK(error_of("a 'b") == "this ' is never closed");
    CHECK(error_offset("a 'b") == 2);
    CHECK(error_of("a \"b\\\"") == "this \" is never closed");
    CHECK(error_offset("a \"b\\\"") == 2);
    CHECK(error_of("a \\") == "nothing follows this \\");
    CHECK(error_of(std::string_view("a 'x\0y'", 7)) == "a NUL byte cannot be part of a command");
    CHECK(error_offset(std::string_view("a 'x\0y'", 7)) == 4);
}

TEST_CASE("quoted words come back the same", "[shell_words]") {
    const Words argv{
        "docker", "",   "a b", "it's", "$HOME", "`x`",         "a\nb", "{{.Name}}", "*", "~",  "#",
        "\\",     "\"", "!x",  "a=b",  "--x=y", "caf\xC3\xA9", "\xFF", "\t",        "'", "''", "a;b|c&d<e>f(g)"};
    CHECK(split_words(quote_words(argv)) == argv);
    CHECK(quote_words(Words{"docker", "ps", "--filter=name=a_b", "a,b:c/d@e%+.1"}) ==
          "docker ps --filter=name=a_b a,b:c/d@e%+.1");
    CHECK(quote_word("it's") == R"('it'\''s')");
    CHECK(quote_word("") == "''");
    CHECK(quote_words(Words{}).empty());
    CHECK(quote_words(Words{"A=b", "A=b"}) == "'A=b' A=b");  // the first would be a setting
}

TEST_CASE("a real shell reads quoted words as they were", "[shell_words]") {
    const Words argv{"a b", "",   "it's", "$HOME", "`id`",  "$(id)", "*",
                     "~",   "\\", "\"",   "a\nb",  "{a,b}", "!x",    "a;b&c|d"};
    std::string expected;
    for (const auto& word : argv) {
        expected += word + "|\n";
    }
    CHECK(seen_by_sh(quote_words(argv)) == expected);
}

TEST_CASE("a real shell splits as split_words does", "[shell_words]") {
    for (const std::string line : {R"(a 'b c' "d \" \\ e" f\ g)", R"('' "" x'y'"z")", R"("a\b" 'a\b' a\\b)",
                                   "do\\\ncker \"a\\\nb\"", R"(--format '{{json .}}' a#b)"}) {
        std::string expected;
        const auto words = split_words(line);
        REQUIRE(words);
        for (const auto& word : *words) {
            expected += word + "|\n";
        }
        INFO(line);
        CHECK(seen_by_sh(line) == expected);
    }
}
