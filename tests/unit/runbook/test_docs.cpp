// The snippets of the documentation are what the compiler takes.
#include "actions/registry.h"
#include "base/text.h"
#include "files.h"
#include "runbook/config.h"
#include "runbook/keys.h"
#include "runbook/load.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::runbook;

namespace {

const std::string page = std::string(MEMRB_FIXTURES) + "/../../docs/runbook-format.md";

// The texts of the page's fenced blocks of one language.
std::vector<std::string> fences(const std::string& markdown, std::string_view language) {
    std::vector<std::string> blocks;
    bool inside = false;
    for (const auto line : base::lines(markdown)) {
        if (inside && line == "```") {
            inside = false;
        } else if (inside) {
            blocks.back().append(line).append("\n");
        } else if (line == "```" + std::string(language)) {
            inside = true;
            blocks.emplace_back();
        }
    }
    return blocks;
}

std::string told(const std::vector<Diagnostic>& diagnostics, const std::string& bytes) {
    return render(diagnostics, bytes, false);
}

}  // namespace

TEST_CASE("every whole runbook on the page compiles without a warning") {
    std::size_t whole = 0;
    for (const auto& bytes : fences(read_file(page), "yaml")) {
        if (!bytes.starts_with("memrb: 1\n")) {
            continue;
        }
        ++whole;
        const auto loaded = load_runbook(bytes, "snippet", actions::action_types());
        INFO(bytes);
        INFO((loaded ? told(loaded->warnings, bytes) : told(loaded.error(), bytes)));
        REQUIRE(loaded);
        CHECK(loaded->warnings.empty());
        CHECK(check_programs(loaded->runbook).empty());
    }
    CHECK(whole >= 5);
}

TEST_CASE("the config file on the page is read") {
    std::size_t configs = 0;
    for (const auto& bytes : fences(read_file(page), "yaml")) {
        if (bytes.starts_with("# config.yaml\n")) {
            ++configs;
            const auto config = load_config(bytes, "snippet");
            INFO((config ? std::string() : told(config.error(), bytes)));
            CHECK(config);
        }
    }
    CHECK(configs == 1);
}

TEST_CASE("the error shown on the page is the one that is printed") {
    const std::string markdown = read_file(page);
    const auto texts = fences(markdown, "text");
    REQUIRE_FALSE(texts.empty());
    const auto broken = fences(markdown, "yaml broken");
    REQUIRE(broken.size() == 1);
    const auto loaded = load_runbook(broken[0], "backend.yaml", actions::action_types());
    REQUIRE_FALSE(loaded);
    CHECK(told(loaded.error(), broken[0]) == texts[0]);
}

TEST_CASE("the page names every key") {
    const std::string markdown = read_file(page);
    for (const Object* object :
         {&runbook_keys, &variable_keys, &threshold_keys, &group_keys, &step_keys, &retry_keys, &cause_keys, &sign_keys,
          &option_keys, &recover_keys, &watch_keys, &escalate_keys, &rung_keys, &contact_keys, &link_keys, &config_keys,
          &config_target_keys, &config_contact_keys}) {
        for (const auto& key : object->keys) {
            INFO(object->what << ": " << key.name);
            CHECK(markdown.find("`" + std::string(key.name) + "`") != std::string::npos);
        }
    }
}
