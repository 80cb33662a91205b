#include "actions/cloud_run_finder.h"

#include "cloud_scene.h"
#include "scripted_fetch.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

const std::string options = " --project=aiprod-484120 --region=europe-west1 --format=json --quiet";
const std::string describe =
    "$ gcloud run services describe aiprod-api --format=json --project=aiprod-484120 --region=europe-west1 --quiet";

Found find(ScriptedFetch& script, const std::string& name = "aiprod-api",
           const std::map<std::string, std::string>& vars = {{"project", "aiprod-484120"},
                                                             {"region", "europe-west1"}}) {
    Tools tools;
    tools.gcloud_command = {"gcloud"};
    return finder(Platform::cloud_run).find(FindContext{name, tools, vars, at("2026-11-22T10:38:00Z")}, script.fetch());
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
    const auto found = text.find(from);
    REQUIRE(found != std::string::npos);
    return text.replace(found, from.size(), to);
}

}  // namespace

TEST_CASE("a service is pinned with project, region, generation and the revision that serves") {
    ScriptedFetch script;
    script.on(describe, exited(0, recorded("gcloud/service.json")));
    const Found found = find(script);
    REQUIRE(found.matches.size() == 1);
    const Target& target = found.matches.front();
    CHECK(target.name == "aiprod-api");
    CHECK(target.id == "aiprod-api-00003-0f3");
    CHECK(target.limit == Limit(Bytes{2} << 30U));
    CHECK(target.image == "europe-docker.pkg.dev/aiprod-484120/api:v3-bad");
    REQUIRE(target.cloud_run);
    CHECK(target.cloud_run->project == "aiprod-484120");
    CHECK(target.cloud_run->generation == 3);
    CHECK(target.cloud_run->cpu == 1);
    CHECK(target.found_by == "Cloud Run service in aiprod-484120, europe-west1");
}

TEST_CASE("after a rollback the limit is that of the revision that serves, not of the template") {
    const std::string service = changed(recorded("gcloud/service.json"), R"("revisionName": "aiprod-api-00003-0f3")",
                                        R"("revisionName": "aiprod-api-00001-acc")");
    const std::string revision =
        R"({"metadata":{"name":"aiprod-api-00001-acc"},"spec":{"containers":[{"image":"old","resources":{"limits":{"memory":"512Mi"}}}]}})";
    ScriptedFetch script;
    script.on(describe, exited(0, service))
        .on("$ gcloud run revisions describe aiprod-api-00001-acc" + options, exited(0, revision));
    const Found found = find(script);
    REQUIRE(found.matches.size() == 1);
    CHECK(found.matches.front().id == "aiprod-api-00001-acc");
    CHECK(found.matches.front().limit == Limit(Bytes{512} << 20U));
    ScriptedFetch denied;
    denied.on(describe, exited(0, service))
        .on("$ gcloud run revisions describe aiprod-api-00001-acc" + options,
            exited(1, "", "ERROR: (gcloud.run.revisions.describe) PERMISSION_DENIED: no"));
    const Found partly = find(denied);
    REQUIRE(partly.matches.size() == 1);
    CHECK(std::holds_alternative<LimitUnknown>(partly.matches.front().limit));
    CHECK(partly.problems.size() == 1);
}

TEST_CASE("without project and region, or without gcloud, nothing is asked") {
    ScriptedFetch script;
    CHECK(find(script, "aiprod-api", {}).absent);
    CHECK(find(script, "aiprod-api", {{"project", "${x}"}, {"region", "europe-west1"}}).absent);
    CHECK(find(script, "shop/api").absent);
    CHECK(script.asked.empty());
    const Found none = finder(Platform::cloud_run).find(FindContext{"x", Tools{}, {}, {}}, script.fetch());
    CHECK(none.absent);
    CHECK(none.problems.front().message == "Cloud Run is not asked: gcloud is not installed");
}

TEST_CASE("a name that is not there is told with those that are") {
    ScriptedFetch script;
    script
        .on("$ gcloud run services describe aiprod-ap --format=json --project=aiprod-484120 --region=europe-west1 "
            "--quiet",
            exited(1, "", "ERROR: (gcloud.run.services.describe) Cannot find service [aiprod-ap]"))
        .on("$ gcloud run services list" + options, exited(0, R"([{"metadata":{"name":"aiprod-api"}}, 7])"));
    const Found found = find(script, "aiprod-ap");
    CHECK(found.matches.empty());
    CHECK(found.known_names == std::vector<std::string>{"aiprod-api"});
    CHECK(found.problems.front().message ==
          "Cloud Run in aiprod-484120, europe-west1: there is no such service in this project and region (404): Cannot "
          "find service [aiprod-ap]");
    ScriptedFetch empty;
    empty.on(describe, exited(0, "{}"));
    CHECK(
        find(empty).problems.front().message.ends_with("gcloud printed no service: the API has answered with nothing, "
                                                       "or with something else"));
}

TEST_CASE("a service is as good as known before it was looked up, if it is named in full") {
    Tools tools;
    tools.gcloud_command = {"gcloud"};
    const std::map<std::string, std::string> vars{{"project", "aiprod-484120"}, {"region", "europe-west1"}};
    const auto likely = [&](const std::string& name, const std::map<std::string, std::string>& with) {
        return likely_cloud_run_service(FindContext{name, tools, with, {}});
    };
    REQUIRE(likely("aiprod-api", vars));
    CHECK(likely("aiprod-api", vars)->id.empty());
    CHECK(likely("aiprod-api", vars)->cloud_run->region == "europe-west1");
    CHECK_FALSE(likely("shop/api", vars));
    CHECK_FALSE(likely("aiprod-api", {{"project", "aiprod-484120"}}));
    tools.gcloud_command.clear();
    CHECK_FALSE(likely("aiprod-api", vars));
}
