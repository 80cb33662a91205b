#pragma once

#include "actions/registry.h"
#include "drill/runner.h"
#include "sample.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace memrb::test {

using namespace memrb::drill;

class Never final : public Stop {
public:
    [[nodiscard]] bool requested() const override { return false; }
    [[nodiscard]] int poll_fd() const override { return -1; }
};

/// A world, its tools, and the target of that name, found and read by the same functions as of real tools.
class ToolLab {
public:
    ToolLab(Scenario drill, std::string name)
        : drill_(std::move(drill)),
          name_(std::move(name)),
          world_(drill_, 11),
          clock_(world_.alert_at()),
          runner_(world_, clock_) {
        tools_.docker.address = "/run/drill/docker.sock";
        tools_.docker.local = false;
        tools_.docker_command = {"docker"};
        tools_.compose_command = {"docker", "compose"};
        tools_.kubectl_command = {"kubectl"};
        tools_.gcloud_command = {"gcloud"};
        tools_.has_kubeconfig = true;
        vars_ = drill_.vars;
        vars_["prometheus"] = "http://prometheus.shop.test:9090";
        target_ = find_one();
    }

    Target find_one() {
        const auto all = actions::target_finders();
        auto found = find(
            *std::find_if(all.begin(), all.end(), [&](const auto* one) { return one->platform == drill_.platform; }));
        REQUIRE(found.problems.empty());
        REQUIRE(found.matches.size() == 1);
        host_ = found.host_containers;
        return found.matches.front();
    }

    Found find(const TargetFinder* finder) {
        const FindContext context{name_, tools_, vars_, clock_.now()};
        return finder->find(context, [&](const Request& request) { return runner_.run(request, {}, never_); });
    }

    void pin_again() { target_ = find_one(); }
    [[nodiscard]] const Target& target() const { return target_; }
    [[nodiscard]] const World& world() const { return world_; }
    DrillRunner& runner() { return runner_; }
    DrillClock& clock() { return clock_; }

    Outcome run(const Request& request) { return runner_.run(request, {}, never_); }

    Interpretation step(const std::string& action, const Params& params) {
        const auto types = actions::action_types();
        const ActionType& type =
            **std::find_if(types.begin(), types.end(), [&](const auto* one) { return one->name == action; });
        const ActionContext context{target_, host_, vars_, tools_, clock_.now(), false};
        const auto request = type.plan(params, context);
        INFO((request ? std::string() : request.error().message));
        REQUIRE(request);
        return type.interpret(params, context, run(*request));
    }
    Interpretation words(const std::string& action, std::vector<std::string> args) {
        Params params;
        params.set("args", {"", std::move(args), {}});
        return step(action, params);
    }
    Interpretation promql(const std::string& query, const std::string& range) {
        Params params;
        params.set("query", {query, {}, {}});
        if (!range.empty()) {
            params.set("range", {range, {}, {}});
        }
        return step("promql", params);
    }

    template <class T>
    static T reading(const Interpretation& result) {
        for (const auto& each : result.readings) {
            if (const auto* found = std::get_if<T>(&each)) {
                return *found;
            }
        }
        for (const auto& each : result.readings) {
            if (const auto* nothing = std::get_if<NoData>(&each)) {
                FAIL(nothing->what << ": " << nothing->why);
            }
        }
        FAIL("no such reading; note: " << result.note);
        return {};
    }

private:
    const Scenario drill_;
    const std::string name_;
    World world_;
    DrillClock clock_;
    DrillRunner runner_;
    Never never_;
    Tools tools_;
    std::map<std::string, std::string> vars_;
    Target target_;
    std::vector<std::pair<std::string, std::string>> host_;
};

inline Params scope(const std::string& text) {
    Params params;
    params.set("scope", {text, {}, {}});
    return params;
}

}  // namespace memrb::test
