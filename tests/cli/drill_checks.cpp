#include "drill_checks.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

namespace memrb::test {

namespace {

// `/a/0/b` -> `a[].b`
std::string member(const std::string& pointer) {
    std::istringstream words(pointer.substr(1));
    std::string name;
    for (std::string part; std::getline(words, part, '/');) {
        const bool index = part.find_first_not_of("0123456789") == std::string::npos;
        name.append(index ? "[]" : (name.empty() ? "" : ".") + part);
    }
    return name;
}

}  // namespace

void write_answers(const std::filesystem::path& file, const std::vector<std::string>& answers) {
    std::ofstream script(file, std::ios::trunc);
    for (const auto& answer : answers) {
        script << answer << "\n";
    }
}

void check_marked(const Ran& ran) {
    for (const auto* stream : {&ran.out, &ran.err}) {
        std::size_t at = 0;
        while (at < stream->size()) {
            const std::size_t end = std::min(stream->find('\n', at), stream->size());
            INFO(stream->substr(at, end - at));
            CHECK(stream->substr(at, 7) == "[DRILL]");
            at = end + 1;
        }
    }
}

std::set<std::string> documented_members(std::string_view schema) {
    std::ifstream file("docs/json.md");
    REQUIRE(file);
    std::set<std::string> documented;
    bool here = false;
    for (std::string line; std::getline(file, line);) {
        here = line.starts_with("#") ? line == std::string("## ").append(schema) : here;
        if (here && line.starts_with("| `")) {
            documented.insert(line.substr(3, line.find('`', 3) - 3));
        }
    }
    return documented;
}

std::set<std::string> members_of(const nlohmann::json& document) {
    std::set<std::string> written;
    const auto flat = document.flatten();
    for (const auto& [path, value] : flat.items()) {
        written.insert(member(path));
    }
    return written;
}

}  // namespace memrb::test
