#include "actions/gcloud_rules.h"

#include "base/describe.h"
#include "cloud_scene.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

Params words(std::vector<std::string> all) {
    Params params;
    params.set("args", Param{{}, std::move(all), {}});
    return params;
}

std::string refusal(std::vector<std::string> all) {
    const auto checked = check_gcloud_words(words(std::move(all)));
    return checked ? "" : checked.error().message;
}

std::string planned(std::vector<std::string> all) {
    const Scene scene = cloud_scene();
    const auto request = action("gcloud").plan(words(std::move(all)), scene.context());
    return request ? base::describe(*request).front() : request.error().message;
}

Risk risk(std::vector<std::string> all) {
    return action("gcloud").risk(words(std::move(all)));
}

}  // namespace

TEST_CASE("gcloud's risk is known by its verb, and closed by default") {
    CHECK(risk({"run", "services", "describe", "x"}) == Risk::read);
    CHECK(risk({"beta", "run", "revisions", "list"}) == Risk::read);
    CHECK(risk({"logging", "read", "x", "--limit=1"}) == Risk::read);
    CHECK(risk({"run", "services", "update", "x", "--memory=1Gi"}) == Risk::disruptive);
    CHECK(risk({"run", "services", "update-traffic", "x"}) == Risk::disruptive);
    CHECK(risk({"run", "services", "frobnicate", "x"}) == Risk::disruptive);
    CHECK(risk({"sql", "instances", "list"}) == Risk::disruptive);
    CHECK(risk({"--verbosity=debug", "run", "services", "describe", "x"}) == Risk::disruptive);
    CHECK(risk({"run", "revisions", "delete", "x"}) == Risk::irreversible);
    CHECK(risk({"run", "services", "delete", "x"}) == Risk::irreversible);
}

TEST_CASE("no other project, region or login, in any spelling") {
    for (const std::string option :
         {"--project=other", "--project", "--proj=other", "--region=us-east1", "--reg", "--account=a@b.c",
          "--impersonate-service-account=a", "--access-token-file=/x", "--configuration=other", "--flags-file=x",
          "--billing-project=x", "--log-http", "--universe-domain=x"}) {
        CAPTURE(option);
        CHECK(refusal({"run", "services", "describe", "x", option})
                  .ends_with("would address something else than the target"));
    }
    CHECK(refusal({"run", "services", "describe", "x", "--format=json"}).empty());
    CHECK(refusal({"run", "services", "update-traffic", "x", "--to-revisions=x-1=100"}).empty());
}

TEST_CASE("filters that do not mean what they say are refused, with what does") {
    const auto by_name =
        check_gcloud_words(words({"logging", "read", "resource.service.name=x AND severity=WARNING", "--limit=5"}));
    REQUIRE_FALSE(by_name);
    CHECK(by_name.error().message == "`gcloud logging read`: `resource.service.name` is no field of a log entry");
    CHECK(by_name.error().hint.find("resource.labels.service_name") != std::string::npos);
    const auto not_null = check_gcloud_words(words({"logging", "read", "jsonPayload.cache_size!=null", "--limit=5"}));
    REQUIRE_FALSE(not_null);
    CHECK(not_null.error().hint == "write `FIELD:*`");
    CHECK(refusal({"logging", "read", "jsonPayload.cache_size:*", "--limit=5"}).empty());
}

TEST_CASE("commands that do not exist, do not end or print a login are refused, with what to use instead") {
    const auto series = check_gcloud_words(words({"monitoring", "time-series", "list"}));
    REQUIRE_FALSE(series);
    CHECK(series.error().message == "`gcloud monitoring time-series list`: gcloud has no such command, in no release");
    CHECK(series.error().hint == "use `memory: target` or `promql:`");
    CHECK(refusal({"alpha", "monitoring", "time-series", "list"}) != "");
    CHECK(refusal({"alpha", "logging", "tail", "x"}) == "`gcloud alpha logging tail x`: it never ends");
    CHECK(refusal({"auth", "print-access-token"}) != "");
    CHECK(refusal({"auth", "application-default", "print-access-token"}) != "");
    CHECK(refusal({"config", "config-helper"}) != "");
    CHECK(refusal({"init"}) != "");
    CHECK(refusal({"logging", "read", "severity=ERROR"}) ==
          "`gcloud logging read`: without `--limit` it reads all there is");
    CHECK(refusal({"logging", "read", "--limit=5", "severity=ERROR"}) ==
          "`gcloud logging read`: the filter comes first");
    CHECK(refusal({}) == "no command: write for example `gcloud: run services describe ${target}`");
}

TEST_CASE("memory is an amount that Cloud Run has, with the CPUs that it wants for it") {
    CHECK(refusal({"run", "services", "update", "x", "--memory=32Gi"}).empty());
    CHECK(refusal({"run", "services", "update", "x", "--memory=${memory_limit}"}).empty());
    CHECK(refusal({"run", "services", "update", "x", "--memory=33Gi"}) ==
          "`gcloud run services update`: an instance can have from 128 MiB to 32 GiB of memory, not 33 GiB");
    CHECK(refusal({"run", "services", "update", "x", "--memory=512m"}) != "");
    CHECK(refusal({"run", "services", "update", "x", "--memory=4GB"}) != "");
    CHECK(cpus_for(Bytes{4} << 30U) == 1);
    CHECK(cpus_for((Bytes{4} << 30U) + 1) == 2);
    CHECK(cpus_for(Bytes{9} << 30U) == 4);
    CHECK(cpus_for(Bytes{17} << 30U) == 6);
    CHECK(cpus_for(Bytes{32} << 30U) == 8);
    CHECK(planned({"run", "services", "update", "aiprod-api", "--memory=8Gi"}) ==
          "`gcloud run services update`: 8 GiB of memory need 2 CPUs, and it has 1");
    CHECK(planned({"run", "services", "update", "aiprod-api", "--memory=8Gi", "--cpu=2"}) ==
          "$ gcloud run services update aiprod-api --memory=8Gi --cpu=2 --project=aiprod-484120 "
          "--region=europe-west1 --quiet");
    CHECK(planned({"run", "services", "update", "aiprod-api", "--memory=8Gi", "--cpu=1500m"}) != "");
}

TEST_CASE("project, region and service are named on each call") {
    CHECK(planned({"run", "revisions", "list", "--limit=10"}) ==
          "$ gcloud run revisions list --limit=10 --service=aiprod-api --project=aiprod-484120 --region=europe-west1 "
          "--format=json --quiet");
    CHECK(planned({"logging", "read", "severity=ERROR OR x", "--limit=5"}) ==
          "$ gcloud logging read 'resource.type=\"cloud_run_revision\" AND "
          "resource.labels.service_name=\"aiprod-api\" AND resource.labels.location=\"europe-west1\" AND "
          "(severity=ERROR OR x)' --limit=5 --project=aiprod-484120 --format=json --quiet");
    CHECK(planned({"run", "services", "describe", "other"}) ==
          "`gcloud run services describe`: its first word must be the target's service, aiprod-api");
    CHECK(planned({"run", "services", "update", "--memory=1Gi", "other"}) != "");
    CHECK(planned({"run", "revisions", "delete", "other-00001"}) ==
          "`gcloud run revisions delete`: other-00001 is no revision of aiprod-api");
    CHECK(planned({"run", "revisions", "list", "--service=other"}) ==
          "`gcloud run revisions list`: `--service` must be the target's, aiprod-api");
    CHECK(planned({"sql", "instances", "restart", "db"}) ==
          "`gcloud sql instances restart`: it would change something else than the target's service");
    Scene elsewhere;
    const auto skipped = action("gcloud").plan(words({"version"}), elsewhere.context());
    REQUIRE_FALSE(skipped);
    CHECK(skipped.error().fault == Fault::no_data);
}

TEST_CASE("LAST_HEALTHY is the revision that the captures point at, and none where there is only one") {
    Scene scene = cloud_scene();
    const auto plan = [&](const std::string& revisions) {
        Params params = words({"run", "revisions", "describe", "LAST_HEALTHY"});
        params.set("revisions", Param{revisions, {}, {}});
        params.set("utilization",
                   Param{R"([{"name":"aiprod-api-00002-0d3","peak":0.97,"early":0.4,"late":0.9}])", {}, {}});
        const auto request = action("gcloud").plan(params, scene.context());
        return request ? std::get<Command>(*request).argv.at(4) : request.error().message;
    };
    CHECK(plan(recorded("gcloud/revisions.json")) == "aiprod-api-00001-acc");
    CHECK(plan(R"([{"name":"aiprod-api-00003-0f3","created":"2026-11-22T07:37:35Z","ready":"True"}])") ==
          "there is only one revision: there is nothing to go back to");
    CHECK(plan("nonsense") == "aiprod-api-00003-0f3, which serves, is not among the revisions");
}
