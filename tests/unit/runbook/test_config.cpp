#include "runbook/config.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::runbook;

TEST_CASE("a config file is read") {
    const auto config = load_config(
        "targets:\n"
        "  api:\n    platform: docker\n    name: shop_api_1\n    runbook: container-high-memory\n"
        "    vars: {health_url: \"http://localhost:8000/health\", replicas: 3}\n"
        "  Web.1: {platform: cloud-run}\n"
        "vars:\n  prometheus: http://localhost:9091\n"
        "contacts:\n  backend_lead: {reach: \"Slack @lead\"}\n  on_call: {role: Night shift, reach: Pager}\n"
        "read_only: true\n",
        "config.yaml");
    REQUIRE(config);
    REQUIRE(config->targets.size() == 2);
    const ConfigTarget& api = config->targets.at("api");
    CHECK(api.platform == Platform::docker);
    CHECK(api.name == "shop_api_1");
    CHECK(api.runbook == "container-high-memory");
    CHECK(api.vars.at("health_url") == "http://localhost:8000/health");
    CHECK(api.vars.at("replicas") == "3");
    const ConfigTarget& web = config->targets.at("Web.1");
    CHECK(web.platform == Platform::cloud_run);
    CHECK(web.name == "Web.1");
    CHECK(web.runbook.empty());
    CHECK(config->vars.at("prometheus") == "http://localhost:9091");
    CHECK(config->contacts.at("backend_lead").reach == "Slack @lead");
    CHECK(config->contacts.at("backend_lead").role.empty());
    CHECK(config->contacts.at("on_call").role == "Night shift");
    CHECK(config->read_only);
}

TEST_CASE("an empty config file is an empty config") {
    for (const char* bytes : {"", "# only a comment\n", "---\n"}) {
        const auto config = load_config(bytes, "config.yaml");
        REQUIRE(config);
        CHECK(config->targets.empty());
        CHECK(config->vars.empty());
        CHECK_FALSE(config->read_only);
    }
}

TEST_CASE("all mistakes of a config file are told with their places") {
    const std::string bytes =
        "target: {}\n"
        "targets:\n  'x; rm -rf /': {platform: docker}\n  api: {platfrom: docker}\n  web: {platform: dcoker, name: "
        "-x}\n"
        "vars: {Prometheus: x, url: [a]}\n"
        "contacts:\n  lead: {role: Lead}\n"
        "read_only: yes\n";
    const auto config = load_config(bytes, "~/.config/memrb/config.yaml");
    REQUIRE_FALSE(config);
    std::string told;
    for (const auto& diagnostic : config.error()) {
        told += std::to_string(diagnostic.mark.line) + ":" + std::to_string(diagnostic.mark.column) + " " +
                diagnostic.message + "\n";
    }
    CHECK(told ==
          "1:1 unknown key `target`: did you mean `targets`?\n"
          "3:3 `x; rm -rf /` cannot be a target's name\n"
          "4:9 unknown key `platfrom`: did you mean `platform`?\n"
          "5:19 unknown platform `dcoker`: did you mean `docker`?\n"
          "5:33 `-x` cannot be a target's name\n"
          "6:8 `Prometheus` is no name for a variable\n"
          "6:28 `url` must be text, not a list\n"
          "8:9 a contact needs `reach`\n"
          "9:12 `read_only` must be true or false, not `yes`\n");
    CHECK(render(config.error()[0], bytes, false) ==
          "~/.config/memrb/config.yaml:1:1: error: unknown key `target`: did you mean `targets`?\n"
          "    1 | target: {}\n"
          "      | ^~~~~~\n"
          "      = known here: targets, vars, contacts, read_only\n");
}

TEST_CASE("a config file that is no YAML is told like a runbook") {
    const auto config = load_config("vars: [\n", "c");
    REQUIRE_FALSE(config);
    CHECK(config.error().front().message == "this `[` is never closed");
    CHECK(load_config(std::string_view("a\0", 2), "c").error().front().message == "a NUL byte: this is no text file");
}
