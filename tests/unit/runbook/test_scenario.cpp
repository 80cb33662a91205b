#include "runbook/scenario.h"

#include "actions/registry.h"
#include "runbook/load.h"
#include "runbook/scenario_keys.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

using namespace memrb;
using namespace memrb::runbook;

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

const std::string smallest =
    "drill: 1\n"
    "id: own\n"
    "title: Mine\n"
    "alert: It rings\n"
    "target: api\n"
    "services:\n"
    "  - name: api\n"
    "    versions: [{image: 'api:1', memory: {base: 10Mi}}]\n"
    "cause: none\n"
    "explanation: Nothing was wrong.\n"
    "hints: [Look]\n"
    "good_path: [{answer: q}]\n";

std::vector<std::string> messages(const std::string& text) {
    const auto loaded = load_scenario(text, "own.yaml");
    std::vector<std::string> all;
    if (!loaded) {
        for (const auto& one : loaded.error()) {
            all.push_back(std::to_string(one.mark.line) + ": " + one.message);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("the smallest drill has the defaults that are documented") {
    const auto loaded = load_scenario(smallest, "own.yaml");
    REQUIRE(loaded);
    CHECK(loaded->culprit == "api");
    CHECK(loaded->platform == Platform::docker);
    CHECK(loaded->before == Milliseconds{6 * 3'600'000});
    CHECK(loaded->host_memory == Bytes{8} << 30U);
    CHECK(loaded->par == Milliseconds{600'000});
    CHECK_FALSE(loaded->escalate_by);
    REQUIRE(loaded->services.size() == 1);
    CHECK_FALSE(loaded->services[0].limit);
    CHECK(loaded->services[0].versions[0].memory.base == Bytes{10} << 20U);
    CHECK(loaded->services[0].versions[0].memory.takes == Milliseconds{500});
}

TEST_CASE("all that is wrong with a drill is told at once, each at its line") {
    const auto told = messages(
        "drill: 2\n"
        "id: Own\n"
        "titel: Mine\n"
        "alert: It rings\n"
        "target: apy\n"
        "services:\n"
        "  - name: api\n"
        "    limit: 512MB\n"
        "    versions:\n"
        "      - {image: 'api:1', since: -2h, memory: {base: 10Mi, payload: 5Mi}}\n"
        "      - {image: 'api:2', memory: {base: 10Mi}}\n"
        "    load: [{at: 5m, per_second: 1}, {at: 1m, per_second: -1}]\n"
        "    child_killed: yesterday\n"
        "  - {name: api, versions: [{image: x, memory: {base: 1Mi}}]}\n"
        "cause: none\n"
        "explanation: x\n"
        "hints: [Look]\n"
        "good_path: [{answer: q}]\n");
    const std::vector<std::string> begins{"1: format",
                                          "2: ",
                                          "3: unknown key",
                                          "5: no service is called `apy`: did you",
                                          "7: there are two services",
                                          "8: ",
                                          "10: ",
                                          "10: ",
                                          "11: a later version",
                                          "12: ",
                                          "12: ",
                                          "13: `yesterday`"};
    for (const auto& begin : begins) {
        INFO(begin);
        CHECK(std::any_of(told.begin(), told.end(), [&](const auto& one) { return one.starts_with(begin); }));
    }
    CHECK(messages("").size() == 1);
    CHECK(messages("[1]").size() == 1);
}

TEST_CASE("docs/drills.md names each key of a drill's file") {
    const std::string page = read("docs/drills.md");
    for (const Object* object : {&scenario_keys, &drill_service_keys, &drill_version_keys, &drill_memory_keys,
                                 &drill_load_keys, &drill_change_keys}) {
        for (const auto& key : object->keys) {
            INFO(object->name << "." << key.name);
            CHECK(page.find("`" + std::string(key.name) + "`") != std::string::npos);
        }
    }
}

TEST_CASE("each shipped drill is sound and speaks of what its runbook knows") {
    std::map<std::string, Runbook> runbooks;
    for (const auto* file : {"container-high-memory", "cloud-run-out-of-memory"}) {
        auto loaded = load_runbook(read(std::string("runbooks/") + file + ".yaml"), file, actions::action_types());
        REQUIRE(loaded);
        runbooks.emplace(file, std::move(loaded->runbook));
    }
    std::set<std::string> ids;
    std::set<std::string> causes;
    for (const auto& entry : std::filesystem::directory_iterator("runbooks/drills")) {
        const auto& path = entry.path();
        INFO(path.string());
        const std::string bytes = read(path);
        const auto loaded = load_scenario(bytes, path.string());
        if (!loaded) {
            FAIL(render(loaded.error(), bytes, false));
        }
        CHECK(loaded->id == path.stem().string());
        ids.insert(loaded->id);
        causes.insert(loaded->cause);
        const Runbook& runbook = runbooks.at(!loaded->runbook.empty()                  ? loaded->runbook
                                             : loaded->platform == Platform::cloud_run ? "cloud-run-out-of-memory"
                                                                                       : "container-high-memory");
        const auto knows_cause = std::any_of(runbook.causes.begin(), runbook.causes.end(),
                                             [&](const Cause& cause) { return cause.id == loaded->cause; });
        CHECK((loaded->cause == "none" || knows_cause));
        for (const auto& option : loaded->sensible) {
            INFO(option);
            CHECK(std::any_of(runbook.options.begin(), runbook.options.end(),
                              [&](const Option& one) { return one.id == option; }));
        }
        for (const auto& [name, value] : loaded->vars) {
            INFO(name);
            CHECK(std::any_of(runbook.vars.begin(), runbook.vars.end(),
                              [&, wanted = name](const Variable& one) { return one.name == wanted; }));
        }
        if (loaded->escalate_by) {
            CHECK(loaded->team_takes);
        }
    }
    CHECK(ids.size() >= 12);
    for (const auto* cause : {"leak", "unbounded-cache", "large-payloads", "connection-pool", "under-provisioned",
                              "traffic-spike", "library-leak", "none"}) {
        INFO(cause);
        CHECK(causes.contains(cause));
    }
}
