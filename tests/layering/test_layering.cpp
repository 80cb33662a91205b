#include "includes.h"
#include "rules.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace memrb::layering;
using Texts = std::vector<std::string>;

namespace {

const std::filesystem::path root = MEMRB_ROOT;
const std::filesystem::path fixtures = root / "tests" / "layering" / "fixtures";

Texts lines_of(const std::filesystem::path& file) {
    std::ifstream stream(file);
    Texts lines;
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

Texts violations_of(const std::filesystem::path& tree) {
    Texts lines;
    for (const auto& violation : find_violations(tree)) {
        lines.push_back(to_string(violation));
    }
    return lines;
}

Texts found_in(std::string_view source) {
    Texts all;
    for (const auto& include : find_includes(source)) {
        all.push_back(std::to_string(include.line) + " " + include.path);
    }
    return all;
}

}  // namespace

TEST_CASE("every include of the project keeps to its room") {
    for (const auto& violation : violations_of(root)) {
        FAIL_CHECK(violation);
    }
}

TEST_CASE("the project's tree is the one that is looked at") {
    CHECK(std::filesystem::exists(root / "src" / "main.cpp"));
    CHECK_FALSE(find_includes("#include \"memrb/units.h\"").empty());
}

TEST_CASE("each forbidden example is named, with its line and its rule, and nothing else") {
    const Texts expected = lines_of(fixtures / "forbidden.txt");
    REQUIRE_FALSE(expected.empty());
    CHECK(violations_of(fixtures / "forbidden") == expected);
}

TEST_CASE("what is allowed is not complained of") {
    CHECK(violations_of(fixtures / "allowed") == Texts{});
}

TEST_CASE("includes are found however they are written") {
    CHECK(found_in("#include \"a/b.h\"\n#include <vector>\n") == Texts{"1 a/b.h", "2 vector"});
    CHECK(found_in("  #  include   \"a.h\"  // why\n") == Texts{"1 a.h"});
    CHECK(found_in("/* x */ #include \"a.h\"") == Texts{"1 a.h"});
    CHECK(found_in("#/* x */include/* y */\"a.h\"") == Texts{"1 a.h"});
    CHECK(found_in("#inc\\\nlude \\\n \"a.h\"\n#include <b>") == Texts{"3 a.h", "4 b"});
    CHECK(found_in("#if 0\n#include \"a.h\"\n#endif") == Texts{"2 a.h"});
    CHECK(found_in("#define X \"a.h\"\n#include X\n") == Texts{"2 X"});
    CHECK(found_in("#include \"a.h") == Texts{"1 \"a.h"});
    CHECK(found_in("#include") == Texts{"1 "});
    CHECK(found_in("#include_next <a.h>\r\n#import \"b.h\"\r\n") == Texts{"1 a.h", "2 b.h"});
}

TEST_CASE("what only looks like an include is none") {
    CHECK(found_in("// #include \"a.h\"\n/*\n#include \"b.h\"\n*/\n// x \\\n#include \"c.h\"\n").empty());
    CHECK(found_in("const char* x = \"\\\n#include <a>\";\n").empty());
    CHECK(found_in("auto x = R\"(\n#include \"a.h\"\n)\";\nauto y = R\"ab(\n)\"\n#include \"b.h\"\n)ab\";").empty());
    CHECK(found_in("int x; #include \"a.h\"\n#pragma include \"a.h\"\n#included \"a.h\"\n").empty());
    CHECK(found_in("char c = '\"';\n#include \"a.h\"\nchar d = '\\'';\n#include \"b.h\"") == Texts{"2 a.h", "4 b.h"});
    CHECK(found_in("int n = 1'000;\n#include \"a.h\"\n") == Texts{"2 a.h"});
    CHECK(found_in("auto s = \"a // b\"; /* \" */\n#include \"a.h\"\n") == Texts{"2 a.h"});
}
