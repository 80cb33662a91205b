// What a person sees who has made a mistake in a runbook: through the real binary, so that the loader, the rendering
// and the exit code are judged together.
#include "support/run.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <string>

using namespace memrb;
using namespace memrb::test;

namespace {

const std::filesystem::path folder = MEMRB_FIXTURES "/runbooks/broken";

struct Fixture {
    std::filesystem::path runbook;
    std::filesystem::path expected;
};

std::map<std::string, Fixture> fixtures() {
    std::map<std::string, Fixture> all;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        auto& fixture = all[entry.path().stem().string()];
        const auto extension = entry.path().extension();
        if (extension == ".yaml") {
            fixture.runbook = entry.path();
        } else if (extension == ".expected") {
            fixture.expected = entry.path();
        } else {
            FAIL(entry.path() << " is neither a runbook nor an expectation");
        }
    }
    return all;
}

}  // namespace

TEST_CASE("each broken runbook yields its exact message and exit code 2") {
    const auto all = fixtures();
    CHECK(all.size() >= 25);
    for (const auto& [name, fixture] : all) {
        INFO(name);
        if (fixture.runbook.empty() || fixture.expected.empty()) {
            FAIL_CHECK("there is only one of " << name << ".yaml and " << name << ".expected");
            continue;
        }
        const std::string expected = read_file(fixture.expected);
        CHECK(expected.find(": error: ") != std::string::npos);
        const auto ran = run_memrb({"check", fixture.runbook.string()}).cwd(std::filesystem::current_path()).run();
        CHECK(ran.ending == exited(2));
        CHECK(ran.out.empty());
        CHECK(ran.err == expected);
        CHECK(ran.left_behind.empty());
    }
}

TEST_CASE("of several runbooks each is judged, and one broken one is enough for exit code 2") {
    const std::string broken = (folder / "unknown-key.yaml").string();
    const std::string sound = MEMRB_FIXTURES "/runbooks/complete.yaml";
    const auto ran = run_memrb({"check", broken, sound}).cwd(std::filesystem::current_path()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(2));
    CHECK(ran.err == read_file(folder / "unknown-key.expected"));
    CHECK(ran.out == sound + ": valid\n");
}

TEST_CASE("diagnose refuses a broken runbook with the same message before it asks anything") {
    const std::string broken = (folder / "unknown-key.yaml").string();
    const auto ran = run_memrb({"diagnose", "backend", "--runbook", broken}).cwd(std::filesystem::current_path()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(2));
    CHECK(ran.out.empty());
    CHECK(ran.err.find(read_file(folder / "unknown-key.expected")) != std::string::npos);
}
