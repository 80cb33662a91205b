// The schema, the key tables, the compiler and the complete fixture tell of the same keys.
#include "actions/registry.h"
#include "files.h"
#include "runbook/keys.h"
#include "runbook/load.h"
#include "runbook/read_yaml.h"
#include "runbook/schema.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

using namespace memrb;
using namespace memrb::runbook;

namespace {

const std::string complete = std::string(MEMRB_FIXTURES) + "/runbooks/complete.yaml";
const std::string schema_file = std::string(MEMRB_FIXTURES) + "/../../docs/runbook.schema.json";

// Notes `object.key` for every key of the tables that occurs below a node.
class Walk {
public:
    void object(const Node& node, const Object& object) {
        for (const auto& [key, value] : node.entries) {
            for (const auto& known : object.keys) {
                if (known.name == key->text) {
                    seen.insert(std::string(object.name) + "." + key->text);
                    below(*value, known);
                }
            }
        }
    }
    std::set<std::string> seen;

private:
    void below(const Node& value, const Key& key) {
        const Object* inside = key.shape == Shape::steps ? &step_keys : key.of;
        if (inside == nullptr) {
            return;
        }
        if (key.shape == Shape::object) {
            object(value, *inside);
        }
        for (const Node* item : value.items) {
            object(*item, *inside);
        }
        for (const auto& entry : value.entries) {
            if (key.shape == Shape::table || key.shape == Shape::variables) {
                object(*entry.value, *inside);
            }
        }
    }
};

void add_keys(std::set<std::string>& all, std::set<std::string_view>& done, const Object& object) {
    if (!done.insert(object.name).second) {
        return;
    }
    for (const auto& key : object.keys) {
        all.insert(std::string(object.name) + "." + std::string(key.name));
        if (key.of != nullptr) {
            add_keys(all, done, *key.of);
        }
        if (key.shape == Shape::steps) {
            add_keys(all, done, step_keys);
        }
    }
}

}  // namespace

TEST_CASE("docs/runbook.schema.json is what the key tables and the actions say") {
    const std::string now = json_schema(actions::action_types());
    const std::string path = (std::filesystem::temp_directory_path() / "runbook.schema.json").string();
    if (now != read_file(schema_file)) {
        std::ofstream(path) << now;
        FAIL("docs/runbook.schema.json is out of date: what it should be is in " << path);
    }
    CHECK(nlohmann::json::parse(now).at("$schema") == "http://json-schema.org/draft-07/schema#");
}

TEST_CASE("the complete fixture has every key of every table, and compiles") {
    const std::string bytes = read_file(complete);
    const auto loaded = load_runbook(bytes, "complete.yaml", actions::action_types());
    INFO((loaded ? std::string() : render(loaded.error(), bytes, false)));
    REQUIRE(loaded);
    CHECK(check_programs(loaded->runbook).empty());

    const auto source = *Source::read(bytes, "complete.yaml");
    Reporter report(source, "complete.yaml");
    const Document document = read_yaml(source, report);
    Walk walk;
    walk.object(*document.root, runbook_keys);
    std::set<std::string> all;
    std::set<std::string_view> done;
    add_keys(all, done, runbook_keys);
    CHECK(walk.seen == all);
}

TEST_CASE("what the complete fixture says arrives in the runbook") {
    const auto loaded = load_runbook(read_file(complete), "complete.yaml", actions::action_types());
    REQUIRE(loaded);
    const Runbook& book = loaded->runbook;
    CHECK(book.summary == "*All* of them.\n");
    CHECK(book.severity == "warning");
    CHECK(book.alerts == std::vector<std::string>{"HighMemoryUsage", "ContainerOom"});
    CHECK(book.platforms ==
          std::vector<Platform>{Platform::docker, Platform::prometheus, Platform::kubernetes, Platform::cloud_run});
    CHECK(book.impact == std::vector<std::string>{"requests fail"});
    CHECK(book.symptoms == std::vector<std::string>{"exit code 137"});
    REQUIRE(book.thresholds.size() == 3);
    CHECK(book.thresholds[1].at == Approx(0.805));
    CHECK(book.thresholds[1].for_ == Milliseconds(300'000));
    CHECK(book.diagnose[0].advice == "Look at the working set.");
    REQUIRE(book.causes.size() == 1);
    const Cause& cause = book.causes[0];
    CHECK(cause.signs[0].weight == 3);
    CHECK(cause.signs[1].weight == -2);
    CHECK(cause.signs[1].says == "it is full");
    CHECK(book.programs[cause.signs[1].when.index] == ".features.p95_to_limit > 0.85");
    CHECK(cause.indicators == std::vector<std::string>{"always the same line of code"});
    CHECK(cause.options == std::vector<std::string>{"restart", "wait"});
    CHECK(cause.advice == "Restart it.");
    const Option& option = book.options[0];
    CHECK(option.use_when == "it leaks");
    CHECK(option.costs == "10 s");
    CHECK(option.applies->text == ".target.platform == \"docker\"");
    CHECK(option.verify[0].needs == std::vector<std::string>{"usage.names", "restart.do"});
    REQUIRE(book.watch);
    CHECK(book.watch->every == Milliseconds(60'000));
    CHECK(book.watch->for_ == Milliseconds(600'000));
    CHECK(book.recovered->text == ".memory.ratio < 0.80");
    CHECK(book.escalate_when == std::vector<std::string>{"it does not help"});
    REQUIRE(book.ladder.size() == 3);
    CHECK(book.ladder[2].after == Milliseconds(300'000));
    CHECK(book.ladder[2].do_ == "call");
    CHECK(book.ladder[2].notify == "lead");
    REQUIRE(book.contacts.size() == 1);
    CHECK(book.contacts[0].key == "lead");
    CHECK(book.contacts[0].reach == "Slack");
    CHECK(book.afterwards == std::vector<std::string>{"write it down"});
    CHECK(book.prevention == "Set limits.\n");
    REQUIRE(book.links.size() == 1);
    CHECK(book.links[0].url == "http://localhost:3000/");
}

TEST_CASE("the words of the key tables are those of the vocabulary") {
    for (const auto& key : runbook_keys.keys) {
        if (key.name == "platforms") {
            for (const auto word : key.choices) {
                CHECK(parse_platform(word));
            }
        }
    }
    for (const auto& key : threshold_keys.keys) {
        for (const auto word : key.choices) {
            CHECK(parse_level(word));
        }
    }
    for (const auto& key : step_keys.keys) {
        for (const auto word : key.choices) {
            CHECK(parse_risk(word));
        }
    }
}

TEST_CASE("no action or parameter is hidden by a generic key of steps") {
    for (const ActionType* action : actions::action_types()) {
        for (const auto& key : step_keys.keys) {
            CHECK(action->name != key.name);
            for (const auto& spec : action->params) {
                CHECK(spec.name != key.name);
            }
        }
    }
}
