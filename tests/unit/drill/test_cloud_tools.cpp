// The drill's Cloud Run, read by the functions that read the real gcloud and Cloud Monitoring.
#include "tool_lab.h"

using namespace memrb;
using namespace memrb::drill;
using namespace memrb::test;

namespace {

/// A service that leaks since its second revision, and is killed.
Scenario cloud() {
    auto drill = leaking_release(Platform::cloud_run);
    drill.vars = {{"project", "shop-drill"}, {"region", "europe-west1"}};
    drill.services.front().log = {"WARNING model reloaded"};
    memory_of(drill).payload = 64 * mebibyte;
    memory_of(drill).payload_every = 20 * minute;
    return drill;
}

class Cloud : public ToolLab {
public:
    Cloud() : ToolLab(cloud(), "backend") {}

    Outcome gcloud(std::vector<std::string> words) {
        words.insert(words.begin(), "gcloud");
        words.insert(words.end(), {"--project=shop-drill", "--region=europe-west1", "--quiet"});
        return run(Command{std::move(words), {}, {}, {}});
    }
};

}  // namespace

TEST_CASE("drill: gcloud's description pins the revision that serves") {
    Cloud lab;
    REQUIRE(lab.target().cloud_run);
    CHECK(lab.target().id.starts_with("backend-00002-"));
    CHECK(lab.target().cloud_run->latest_ready == lab.target().id);
    CHECK(lab.target().image == "shop/backend:2");
    CHECK(std::get<Bytes>(lab.target().limit) == 512 * mebibyte);
}

TEST_CASE("drill: Cloud Monitoring tells shares of the limit, now and over hours, by API and by PromQL") {
    Cloud lab;
    const Container& instance = *lab.world().containers_of(0).front();
    const auto now = ToolLab::reading<MemoryReading>(lab.step("memory", scope("target")));
    CHECK(static_cast<double>(now.used) == Approx(instance.working_set()).epsilon(0.15));
    Params hours = scope("target");
    hours.set("range", {"6h", {}, {}});
    const auto series = ToolLab::reading<SeriesReading>(lab.step("memory", hours));
    CHECK(series.points.size() > 100);
    Params load;
    load.set(
        "query",
        {R"(sum(rate(run_googleapis_com:request_count{monitored_resource="cloud_run_revision",service_name="backend"}[5m])))",
         {},
         {}});
    load.set("range", {"6h", {}, {}});
    CHECK(ToolLab::reading<SeriesReading>(lab.step("promql", load)).points.back().value == Approx(20).epsilon(0.2));
}

TEST_CASE("drill: the log tells kills, warnings and large requests, and another filter is not played") {
    Cloud lab;
    const auto kills = lab.words("gcloud", {"logging", "read", "textPayload:\"emory limit of\"", "--limit=100",
                                            "--freshness=24h", "--format=json"});
    const auto check = ToolLab::reading<OomCheck>(kills);
    CHECK(check.source == OomSource::cloud_log);
    CHECK_FALSE(check.sightings.empty());
    const auto text = [&](const std::string& filter) {
        return lab.gcloud({"logging", "read", R"(resource.labels.service_name="backend" AND ()" + filter + ")",
                           "--limit=50", "--format=json"});
    };
    CHECK(text("severity=WARNING").out.head.find("model reloaded") != std::string::npos);
    CHECK(text("httpRequest.requestSize>10485760 OR httpRequest.responseSize>10485760").out.head.find("16777216") !=
          std::string::npos);
    CHECK(text("labels.colour=blue").ending == Ending(Exited{127}));
}

TEST_CASE("drill: traffic goes back to an old revision and forward again, and a new limit is a new revision") {
    Cloud lab;
    const std::string newest = lab.target().id;
    const auto list = lab.gcloud({"run", "revisions", "list", "--service=backend", "--format=json"});
    const auto at = list.out.head.find("backend-00001-");
    REQUIRE(at != std::string::npos);
    const std::string oldest = list.out.head.substr(at, newest.size());
    CHECK(lab.gcloud({"run", "services", "update-traffic", "backend", "--to-revisions=" + oldest + "=100"}).ok());
    lab.pin_again();
    CHECK(lab.target().id == oldest);
    CHECK(lab.world().containers_of(0).front()->version.image == "shop/backend:1");
    CHECK(lab.gcloud({"run", "services", "update-traffic", "backend", "--to-latest"}).ok());
    lab.pin_again();
    CHECK(lab.target().id == newest);
    CHECK(lab.gcloud({"run", "services", "update", "backend", "--memory=1Gi"}).ok());
    lab.pin_again();
    CHECK(lab.target().id.starts_with("backend-00003-"));
    CHECK(std::get<Bytes>(lab.target().limit) == 1024 * mebibyte);
    CHECK_FALSE(lab.gcloud({"run", "services", "update-traffic", "backend", "--to-revisions=nothing=100"}).ok());
    CHECK_FALSE(lab.gcloud({"run", "services", "describe", "nobody"}).ok());
    CHECK(lab.gcloud({"run", "deploy", "backend"}).ending == Ending(Exited{127}));
}
