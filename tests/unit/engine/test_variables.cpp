#include "engine/variables.h"

#include <catch2/catch.hpp>

using namespace memrb;
using engine::resolve_variables;
using engine::Variables;

namespace {

const Timestamp moment = parse_rfc3339("2026-11-21T23:40:02.182Z").value();

Target backend() {
    Target target;
    target.name = "backend";
    target.id = "3f9c1d";
    target.image = "registry/backend:1.4";
    return target;
}

Runbook with_vars(std::vector<std::pair<std::string, std::optional<std::string>>> vars) {
    Runbook runbook;
    runbook.id = "high-memory";
    for (auto& [name, fallback] : vars) {
        Variable variable;
        variable.name = std::move(name);
        variable.fallback = std::move(fallback);
        runbook.vars.push_back(std::move(variable));
    }
    return runbook;
}

// The value, `(unset)`, or the error of resolving.
std::string value(const std::string& name, const Runbook& runbook, const Target& target = backend(),
                  const Variables& config = {}, const Variables& overrides = {}) {
    const auto vars = resolve_variables(runbook, target, moment, config, overrides);
    if (!vars) {
        return "error: " + vars.error().message;
    }
    const auto found = vars->find(name);
    return found == vars->end() ? "(unset)" : found->second;
}

}  // namespace

TEST_CASE("what follows from the target") {
    Target target = backend();
    CHECK(*resolve_variables({}, target, moment, {}, {}) == Variables{{"target", "backend"},
                                                                      {"container", "3f9c1d"},
                                                                      {"platform", "docker"},
                                                                      {"image", "registry/backend:1.4"},
                                                                      {"compose_service", ""},
                                                                      {"compose_project", ""},
                                                                      {"now", "2026-11-21T23:40:02.182Z"}});
    target.id.clear();
    target.compose = ComposeRef{"shop", "api", {}, {}};
    const auto vars = *resolve_variables({}, target, moment, {}, {});
    CHECK(vars.at("container") == "backend");
    CHECK(vars.at("compose_service") == "api");
    CHECK(vars.at("compose_project") == "shop");
}

TEST_CASE("stronger sources win: --set, the target's settings, the config, the default") {
    const Runbook runbook = with_vars({{"url", "default"}});
    Target target = backend();
    CHECK(value("url", runbook) == "default");
    CHECK(value("url", runbook, target, {{"url", "config"}}) == "config");
    target.vars = {{"url", "target"}};
    CHECK(value("url", runbook, target, {{"url", "config"}}) == "target");
    CHECK(value("url", runbook, target, {{"url", "config"}}, {{"url", "set"}}) == "set");
    CHECK(value("url", runbook, backend(), {}, {{"url", ""}}) == "");
}

TEST_CASE("what follows from the target cannot be set, least of all by a runbook or a config") {
    const Runbook runbook = with_vars({{"target", "other"}});
    Target target = backend();
    target.vars = {{"container", "other"}};
    CHECK(value("target", runbook, target, {{"target", "other"}}) == "backend");
    CHECK(value("container", runbook, target) == "3f9c1d");
    CHECK(value("target", runbook, target, {}, {{"target", "other"}}) == "error: `target` is set by memrb itself");
}

TEST_CASE("defaults and config may refer to other variables, in any order") {
    const Runbook runbook = with_vars({{"a", "${b}/a"}, {"b", "${z}/b"}, {"z", "http://${target}"}, {"lit", "$${b}"}});
    CHECK(value("a", runbook) == "http://backend/b/a");
    CHECK(value("a", runbook, backend(), {{"b", "<${z}>"}}) == "<http://backend>/a");
    CHECK(value("a", runbook, backend(), {}, {{"z", "set"}}) == "set/b/a");
    CHECK(value("lit", runbook) == "${b}");
}

TEST_CASE("what comes out of a value is never expanded again") {
    const Runbook runbook = with_vars(
        {{"secret", "s3cret"}, {"shown", "<${target}>"}, {"lit", "$${secret}"}, {"twice", "${lit}"}, {"set", ""}});
    Target target = backend();
    target.name = "${secret}";
    target.compose = ComposeRef{"${secret}", "${nothing}", {}, {}};
    CHECK(value("shown", runbook, target) == "<${secret}>");
    CHECK(value("compose_project", runbook, target) == "${secret}");
    CHECK(value("compose_service", runbook, target) == "${nothing}");
    CHECK(value("twice", runbook, target) == "${secret}");
    CHECK(value("set", runbook, target, {}, {{"set", "${secret}"}}) == "${secret}");
}

TEST_CASE("a variable without a default is not set, which is not the same as empty") {
    const Runbook runbook = with_vars(
        {{"host", std::nullopt}, {"url", "http://${host}:8000/${path}"}, {"path", ""}, {"docs", "see ${url}"}});
    CHECK(value("host", runbook) == "(unset)");
    CHECK(value("url", runbook) == "(unset)");
    CHECK(value("docs", runbook) == "(unset)");
    CHECK(value("path", runbook) == "");
    CHECK(value("docs", runbook, backend(), {}, {{"host", "db"}}) == "see http://db:8000/");
    CHECK(value("target", runbook) == "backend");
}

TEST_CASE("settings of lookups may be referred to and set in every runbook") {
    const Runbook runbook = with_vars({{"url", "${prometheus}/graph"}});
    CHECK(value("url", runbook) == "(unset)");
    CHECK(value("url", runbook, backend(), {}, {{"prometheus", "http://p:9090"}}) == "http://p:9090/graph");
    CHECK(std::vector<std::string_view>(engine::lookup_settings().begin(), engine::lookup_settings().end()) ==
          std::vector<std::string_view>{"prometheus", "monitoring_url", "kube_context", "kube_namespace", "project",
                                        "region"});
}

TEST_CASE("a --set of an unknown variable names the nearest and lists them all") {
    const Runbook runbook = with_vars({{"service", ""}, {"health_url", ""}, {"prometheus", ""}});
    const auto vars = resolve_variables(runbook, backend(), moment, {}, {{"servcie", "x"}});
    REQUIRE_FALSE(vars.has_value());
    CHECK(vars.error().fault == Fault::usage);
    CHECK(vars.error().message == "runbook high-memory has no variable `servcie`: did you mean `service`?");
    CHECK(vars.error().hint ==
          "it has: service, health_url, prometheus, monitoring_url, kube_context, kube_namespace, project, region");
}

TEST_CASE("a --set with a control character is refused") {
    const Runbook runbook = with_vars({{"service", ""}});
    for (const auto& [text, shown] : Variables{{"a\nb", "a\\nb"}, {"\x1b[0m", "\\x1b[0m"}, {"\x7f", "\\x7f"}}) {
        CHECK(value("service", runbook, backend(), {}, {{"service", text}}) ==
              "error: the value of `service` has a control character in it: `" + shown + "`");
    }
    CHECK(value("service", runbook, backend(), {}, {{"service", "käse"}}) == "käse");
}

TEST_CASE("a circle is named") {
    CHECK(value("a", with_vars({{"a", "${b}"}, {"b", "${c}"}, {"c", "${a}"}})) ==
          "error: these variables refer to each other in a circle: a -> b -> c -> a");
    CHECK(value("a", with_vars({{"a", "x${a}"}})) == "error: these variables refer to each other in a circle: a -> a");
    CHECK(value("a", with_vars({{"a", "${b}"}, {"b", "${c}"}, {"c", "${b}"}})) ==
          "error: these variables refer to each other in a circle: b -> c -> b");
    // A value that is not used makes no circle.
    CHECK(value("a", with_vars({{"a", "${b}"}, {"b", "${a}"}}), backend(), {}, {{"b", "1"}}) == "1");
}

TEST_CASE("a reference to no variable is an error that says where") {
    const Runbook runbook = with_vars({{"service", "${target}"}});
    CHECK(value("service", runbook, backend(), {{"service", "${targte}"}}) ==
          "error: variable `service` refers to `targte`, which is no variable: did you mean `target`?");
    CHECK(value("service", with_vars({{"service", "${target"}})) == "error: `${target` is never closed");
}

TEST_CASE("a config may set what this runbook does not know") {
    CHECK(value("other", with_vars({}), backend(), {{"other", "x"}}) == "x");
}
