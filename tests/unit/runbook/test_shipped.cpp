// Every shipped runbook compiles, and says what the project promises.
#include "actions/registry.h"
#include "base/text.h"
#include "files.h"
#include "runbook/load.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <set>

using namespace memrb;
using namespace memrb::runbook;

namespace {

const std::string folder = std::string(MEMRB_FIXTURES) + "/../../runbooks";

Runbook shipped(const std::string& name) {
    const std::string bytes = read_file(folder + "/" + name);
    auto loaded = load_runbook(bytes, name, actions::action_types());
    INFO((loaded ? render(loaded->warnings, bytes, false) : render(loaded.error(), bytes, false)));
    REQUIRE(loaded);
    CHECK(loaded->warnings.empty());
    return std::move(loaded->runbook);
}

template <class Items>
std::vector<std::string> ids(const Items& items) {
    std::vector<std::string> all;
    for (const auto& item : items) {
        all.push_back(item.id);
    }
    return all;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("every shipped runbook compiles without a warning, its jq programs too") {
    std::size_t count = 0;
    for (const auto& name : list_files(folder)) {
        if (name.ends_with(".yaml")) {
            INFO(name);
            const Runbook book = shipped(name);
            CHECK(book.id + ".yaml" == name);
            CHECK(check_programs(book).empty());
            ++count;
        }
    }
    CHECK(count >= 2);
}

TEST_CASE("the runbook for high memory has the promised causes, options and thresholds") {
    const Runbook book = shipped("container-high-memory.yaml");
    CHECK(ids(book.causes) == Words{"leak", "unbounded-cache", "large-payloads", "connection-pool", "under-provisioned",
                                    "traffic-spike", "library-leak"});
    CHECK(ids(book.options) ==
          Words{"restart", "raise-limit", "scale-out", "collect-garbage", "reduce-cache", "fix-leak", "rollback"});
    REQUIRE(book.thresholds.size() == 5);
    const std::vector<double> shares{0.70, 0.80, 0.85, 0.95, 1.00};
    for (std::size_t i = 0; i < shares.size(); ++i) {
        CHECK(book.thresholds[i].at == Approx(shares[i]));
        CHECK(book.thresholds[i].for_ == (i == 1 ? Milliseconds(300'000) : Milliseconds(0)));
    }
    REQUIRE(book.watch);
    CHECK(book.watch->every == Milliseconds(60'000));
    CHECK(book.watch->for_ == Milliseconds(600'000));
    CHECK(book.alerts == Words{"HighMemoryUsage"});
}

TEST_CASE("its diagnosis has the steps of the runbook it comes from, all side by side") {
    const Runbook book = shipped("container-high-memory.yaml");
    CHECK(ids(book.diagnose) == Words{"identify", "usage", "oom", "growth", "app"});
    Words steps;
    for (const auto& group : book.diagnose) {
        for (const auto& step : group.steps) {
            CHECK(step.risk == Risk::read);
            CHECK(step.needs.empty());
            CHECK_FALSE(step.needs_assessment);
            steps.push_back(step.id);
        }
    }
    for (const char* id :
         {"identify.containers", "usage.now", "usage.inspect", "oom.events", "oom.kernel", "growth.working_set",
          "growth.limit", "growth.usage", "growth.rss", "growth.cache", "growth.rate", "growth.restarts", "app.objects",
          "identify.pods", "identify.nodes", "usage.pods", "oom.pod_events", "oom.describe"}) {
        INFO(id);
        CHECK(std::count(steps.begin(), steps.end(), id) == 1);
    }
}

TEST_CASE("every option can be chosen for a cause or by hand, and says when") {
    const Runbook book = shipped("container-high-memory.yaml");
    for (const auto& option : book.options) {
        INFO(option.id);
        CHECK_FALSE(option.use_when.empty());
        CHECK_FALSE(option.costs.empty());
        CHECK_FALSE(option.steps.empty());
    }
    for (const auto& cause : book.causes) {
        INFO(cause.id);
        CHECK_FALSE(cause.signs.empty());
        CHECK_FALSE(cause.options.empty());
        CHECK_FALSE(cause.advice.empty());
    }
}

TEST_CASE("the runbook for Cloud Run has the promised causes, options, levels and ladder") {
    const Runbook book = shipped("cloud-run-out-of-memory.yaml");
    CHECK(book.platforms == std::vector<Platform>{Platform::cloud_run});
    CHECK(ids(book.causes) == Words{"leak", "under-provisioned", "unbounded-cache", "large-payloads", "library-leak"});
    const Words options = ids(book.options);
    CHECK(std::count(options.begin(), options.end(), "rollback") == 1);
    CHECK(std::count(options.begin(), options.end(), "raise-limit") == 1);
    REQUIRE(book.thresholds.size() == 4);
    const std::vector<double> shares{0.70, 0.85, 0.95, 1.00};
    for (std::size_t i = 0; i < shares.size(); ++i) {
        CHECK(book.thresholds[i].at == shares[i]);
    }
    REQUIRE(book.ladder.size() == 4);
    CHECK(book.ladder[1].after == std::chrono::minutes(5));
    CHECK(book.ladder[1].notify == "backend_lead");
    CHECK(book.watch->every == std::chrono::seconds(60));
    CHECK(book.watch->for_ == std::chrono::minutes(10));
    CHECK(book.summary.find("60 to 80 requests at once are safe") != std::string::npos);
}

TEST_CASE("the table of commands has no empty cell, and names steps and tests that are there") {
    const std::string table = read_file(std::string(MEMRB_FIXTURES) + "/../../docs/commands.md");
    std::set<std::string> steps;
    for (const auto& name : {"container-high-memory.yaml", "cloud-run-out-of-memory.yaml"}) {
        const Runbook book = shipped(name);
        for (const auto& group : book.diagnose) {
            for (const auto& step : group.steps) {
                steps.insert(step.id);
            }
        }
        for (const auto& option : book.options) {
            for (const auto* list : {&option.steps, &option.verify}) {
                for (const auto& step : *list) {
                    steps.insert(step.id);
                }
            }
        }
    }
    std::size_t rows = 0;
    for (const auto line : base::lines(table)) {
        if (!line.starts_with("| `") && !line.starts_with("| edit ") && !line.starts_with("| for ")) {
            continue;
        }
        ++rows;
        CAPTURE(std::string(line));
        const std::string plain = base::replace_all(std::string(line), "\\|", "/");
        const auto cells = base::split(plain, '|');
        REQUIRE(cells.size() == 5);
        const std::string step(base::trim(cells[2]));
        const std::string test(base::trim(cells[3]));
        const bool is_watch = step.starts_with("`memrb watch`");
        std::size_t named = 0;
        const auto words = base::split(step, '`');
        for (std::size_t i = 1; i < words.size(); i += 2) {  // what stands in backticks
            const std::string word(words[i]);
            const bool is_id =
                std::count(word.begin(), word.end(), '.') == 1 && word.find_first_of(" (") == std::string::npos;
            CHECK((!is_id || steps.contains(word)));
            named += is_id ? 1 : 0;
        }
        CHECK((is_watch || named > 0));
        CHECK_FALSE(base::trim(cells[1]).empty());
        const std::size_t colon = test.find(": ");
        REQUIRE(colon != std::string::npos);
        CHECK_FALSE(test.ends_with("the shipped runbooks are valid"));  // that runs nothing
        const std::string source = read_file(std::string(MEMRB_FIXTURES) + "/../../" + test.substr(0, colon));
        CHECK(source.find("TEST_CASE(\"" + test.substr(colon + 2) + "\")") != std::string::npos);
    }
    CHECK(rows >= 60);
}
