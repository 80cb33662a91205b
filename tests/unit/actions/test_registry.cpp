#include "actions/registry.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>

using namespace memrb;
using namespace memrb::actions;

TEST_CASE("every action type is whole") {
    std::set<std::string_view> names;
    for (const ActionType* type : action_types()) {
        CAPTURE(type->name);
        CHECK(names.insert(type->name).second);
        CHECK_FALSE(type->help.empty());
        CHECK(type->check != nullptr);
        CHECK(type->risk != nullptr);
        CHECK(type->plan != nullptr);
        CHECK(type->interpret != nullptr);
        std::set<std::string_view> params;
        for (const ParamSpec& param : type->params) {
            CAPTURE(param.name);
            CHECK(params.insert(param.name).second);
            CHECK_FALSE(param.help.empty());
            CHECK((param.kind == ParamKind::choice) == !param.choices.empty());
        }
        CHECK(params.count(type->body) == 1);
    }
    CHECK(names == std::set<std::string_view>{"docker", "compose", "kubectl", "gcloud", "promql", "http", "shell",
                                              "edit", "memory", "manual"});
}

TEST_CASE("a risk may be lowered only where the tool cannot know") {
    for (const ActionType* type : action_types()) {
        CAPTURE(type->name);
        CHECK(type->may_lower_risk == (type->name == "shell" || type->name == "http"));
    }
}

TEST_CASE("docker is asked for a target before Kubernetes, then Prometheus, then Cloud Run") {
    REQUIRE(target_finders().size() == 4);
    CHECK(target_finders()[0]->platform == Platform::docker);
    CHECK(target_finders()[1]->platform == Platform::kubernetes);
    CHECK(target_finders()[2]->platform == Platform::prometheus);
    CHECK(target_finders()[3]->platform == Platform::cloud_run);
}
