// Every broken runbook of the fixtures yields exactly the messages beside it.
#include "actions/registry.h"
#include "files.h"
#include "runbook/load.h"

#include <fmt/core.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using namespace memrb;
using namespace memrb::runbook;

namespace {

const std::string folder = std::string(MEMRB_FIXTURES) + "/runbooks/broken";
// As the path is given on a command line in the repository's folder.
const std::string as_named = "tests/fixtures/runbooks/broken";

// What `memrb runbook check` prints: mistakes of the file, or else those of its jq programs.
std::string check(const std::string& bytes, const std::string& origin) {
    const auto loaded = load_runbook(bytes, origin, actions::action_types());
    if (!loaded) {
        return render(loaded.error(), bytes, false);
    }
    return render(loaded->warnings, bytes, false) + render(check_programs(loaded->runbook), bytes, false);
}

}  // namespace

TEST_CASE("each broken runbook is told as expected") {
    const auto files = list_files(folder);
    std::size_t compared = 0;
    for (const auto& name : files) {
        if (!name.ends_with(".yaml")) {
            continue;
        }
        const std::string stem = name.substr(0, name.size() - 5);
        INFO(name);
        REQUIRE(std::count(files.begin(), files.end(), stem + ".expected") == 1);
        const std::string expected = read_file(fmt::format("{}/{}.expected", folder, stem));
        CHECK(check(read_file(fmt::format("{}/{}", folder, name)), fmt::format("{}/{}", as_named, name)) == expected);
        CHECK(expected.find(": error: ") != std::string::npos);
        ++compared;
    }
    CHECK(compared >= 25);
    CHECK(files.size() == 2 * compared);  // no expectation without its runbook
}
