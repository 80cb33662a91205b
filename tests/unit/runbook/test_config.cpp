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

TEST_CASE("a contact's channels name where the secrets are") {
    const auto config = load_config(
        "contacts:\n"
        "  lead: {reach: Slack, slack: {webhook_env: LEAD_HOOK}}\n"
        "  on_call:\n    reach: Pager\n    slack: {webhook_file: ~/hook}\n"
        "    pagerduty: {routing_key_file: keys/pd, url: \"https://events.eu.pagerduty.com/v2/enqueue\"}\n",
        "config.yaml");
    REQUIRE(config);
    const ConfigContact& lead = config->contacts.at("lead");
    REQUIRE(lead.slack);
    CHECK(lead.slack->env == "LEAD_HOOK");
    CHECK(lead.slack->file.empty());
    CHECK_FALSE(lead.pagerduty);
    const ConfigContact& on_call = config->contacts.at("on_call");
    REQUIRE(on_call.slack);
    CHECK(on_call.slack->file == "~/hook");
    REQUIRE(on_call.pagerduty);
    CHECK(on_call.pagerduty->routing_key.file == "keys/pd");
    CHECK(on_call.pagerduty->url == "https://events.eu.pagerduty.com/v2/enqueue");
}

TEST_CASE("mistakes in channels are told, and no message repeats what may be the secret") {
    const auto config = load_config(
        "contacts:\n"
        "  a: {reach: x, slack: {webhook: https://hooks.example.com/T0/SECRET}}\n"
        "  b: {reach: x, slack: {webhook_env: https://hooks.example.com/T0/SECRET}}\n"
        "  c: {reach: x, slack: {webhook_env: A, webhook_file: b}}\n"
        "  d: {reach: x, pagerduty: {url: https://x.example.com}}\n"
        "  e: {reach: x, pagerduty: {routing_key_env: K, url: ftp://SECRET}}\n"
        "  f: {reach: x, slack: hello}\n"
        "  g: {reach: x, slak: {webhook_env: A}}\n",
        "c");
    REQUIRE_FALSE(config);
    std::string told;
    for (const auto& diagnostic : config.error()) {
        told += std::to_string(diagnostic.mark.line) + ":" + std::to_string(diagnostic.mark.column) + " " +
                diagnostic.message + "\n";
        CHECK(diagnostic.message.find("SECRET") == std::string::npos);
        CHECK(diagnostic.hint.find("SECRET") == std::string::npos);
    }
    CHECK(told ==
          "2:25 unknown key `webhook`\n"
          "3:38 `webhook_env` is no name of an environment variable\n"
          "4:55 there is `webhook_env` and `webhook_file`: only one of them can be meant\n"
          "5:28 `pagerduty` needs `routing_key_env` or `routing_key_file`\n"
          "6:54 `url` must be an address that begins with https://\n"
          "7:24 `slack` must be a map, not text\n"
          "8:17 unknown key `slak`: did you mean `slack`?\n");
}
