// Options of the Cloud Run runbook: the real gcloud, emulated Google APIs that tell what changed.
#include "support/gcloud_lab.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds a_while(300);

// However the lines were broken.
bool holds(const std::string& text, const std::string& part) {
    std::string flat;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\r';
        if (!space || flat.empty() || flat.back() != ' ') {
            flat += space ? ' ' : c;
        }
    }
    return flat.find(part) != std::string::npos;
}

Ran resolved(const GcloudLab& lab, const std::string& option, const std::vector<std::string>& flags = {}) {
    TempDir home;
    home.write("config/memrb/config.yaml", lab.config());
    std::vector<std::string> words{"resolve", GcloudLab::service, option};
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(words).env(lab.env()).home(home.path()).timeout(a_while).run();
}

const std::string confirmed = std::string("--confirm=") + GcloudLab::service;

json traffic_of(const GcloudLab& lab) {
    return lab.service_now().at("status").at("traffic");
}

}  // namespace

TEST_CASE("Cloud Run: a rollback is one change of the traffic, to the last healthy one of 20 revisions") {
    const auto lab = GcloudLab::start("leak", 20);
    if (!lab) {
        return;
    }
    const auto names = lab->revisions();
    const Ran ran = resolved(*lab, "rollback", {confirmed});
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    const auto changes = lab->changes();
    INFO(changes.dump(1));
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].at("new_revision") == false);
    REQUIRE(traffic_of(*lab).size() == 1);
    CHECK(traffic_of(*lab)[0].at("revisionName") == names[18]);
    CHECK(traffic_of(*lab)[0].at("percent") == 100);
    CHECK(holds(ran.err, names[18]));
}

TEST_CASE("Cloud Run: with two revisions the rollback takes the other, with one it is refused") {
    const auto two = GcloudLab::start("leak", 2);
    if (!two) {
        return;
    }
    const Ran ran = resolved(*two, "rollback", {confirmed});
    INFO(ran.describe());
    CHECK(two->changes().size() == 1);
    CHECK(traffic_of(*two)[0].at("revisionName") == two->revisions().front());
    const auto one = GcloudLab::start("leak", 1);
    const Ran refused = resolved(*one, "rollback", {confirmed});
    INFO(refused.describe());
    CHECK(refused.ending != exited(0));
    CHECK(holds(refused.out + refused.err, "there is only one revision: there is nothing to go back to"));
    CHECK(one->changes().empty());
}

TEST_CASE("Cloud Run: the revision before that leaks too is no target for a rollback") {
    const auto lab = GcloudLab::start("leak", 5, {.bad = 2, .hours = 5});
    if (!lab) {
        return;
    }
    const auto names = lab->revisions();
    const Ran ran = resolved(*lab, "rollback", {confirmed, "-o", "json"});
    INFO(ran.describe());
    CHECK(lab->changes().size() == 1);
    REQUIRE(traffic_of(*lab).size() == 1);
    CHECK(traffic_of(*lab)[0].at("revisionName") == names[2]);
    CHECK(holds(ran.out, names[2] + ", made "));
}

TEST_CASE("Cloud Run: a higher limit is one change of one value, and the new revision gets the traffic") {
    const auto lab = GcloudLab::start("under-provisioned", 3);
    if (!lab) {
        return;
    }
    const Ran dry = resolved(*lab, "raise-limit", {"--set", "memory_limit=1Gi", "--dry-run"});
    INFO(dry.describe());
    CHECK(holds(dry.out,
                "gcloud run services update aiprod-api --memory=1Gi --project=aiprod-484120 "
                "--region=europe-west1 --quiet"));
    CHECK(lab->changes().empty());
    const Ran unasked = resolved(*lab, "raise-limit", {"--set", "memory_limit=1Gi"});
    CHECK(unasked.ending == exited(4));
    CHECK(lab->changes().empty());
    const Ran ran = resolved(*lab, "raise-limit", {"--set", "memory_limit=1Gi", confirmed});
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    const auto changes = lab->changes();
    INFO(changes.dump(1));
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].at("differs") == json{"template.spec.containers[0].resources.limits.memory"});
    CHECK(changes[0].at("memory") == "1Gi");
    CHECK(traffic_of(*lab)[0].at("revisionName") == lab->revisions().back());
}

TEST_CASE("Cloud Run: after a rollback a higher limit gets no traffic by itself, so that is a second change") {
    const auto lab = GcloudLab::start("under-provisioned", 3);
    if (!lab) {
        return;
    }
    (void)lab->gcloud(
        {"run", "services", "update-traffic", GcloudLab::service, "--to-revisions=" + lab->revisions().at(1) + "=100"});
    REQUIRE(lab->changes().size() == 1);
    const Ran ran = resolved(*lab, "raise-limit", {"--set", "memory_limit=1Gi", confirmed});
    INFO(ran.describe());
    const auto changes = lab->changes();
    INFO(changes.dump(1));
    REQUIRE(changes.size() == 3);
    CHECK(changes[1].at("differs") == json{"template.spec.containers[0].resources.limits.memory"});
    CHECK(changes[2].at("traffic") == json::parse(R"([{"latestRevision":true,"percent":100}])"));
    CHECK(traffic_of(*lab)[0].at("revisionName") == lab->revisions().back());
    CHECK(holds(ran.out + ran.err, "the new revision gets 0 % of the traffic"));
}

TEST_CASE("Cloud Run: a limit beyond 32 GiB or beyond its CPUs is not sent, and a lost answer is unknown") {
    const auto lab = GcloudLab::start("under-provisioned", 2);
    if (!lab) {
        return;
    }
    const Ran large = resolved(*lab, "raise-limit", {"--set", "memory_limit=64Gi", confirmed});
    INFO(large.describe());
    CHECK(holds(large.out + large.err, "an instance can have from 128 MiB to 32 GiB of memory, not 64 GiB"));
    const Ran more = resolved(*lab, "raise-limit", {"--set", "memory_limit=8Gi", confirmed});
    INFO(more.describe());
    CHECK(holds(more.out + more.err, "8 GiB of memory need 2 CPUs, and it has 1"));
    CHECK(lab->changes().empty());
    lab->faults(R"([{"url":"services/aiprod-api","methods":["PUT"],"reset":"after","times":1}])");
    const Ran lost = resolved(*lab, "raise-limit", {"--set", "memory_limit=1Gi", confirmed});
    INFO(lost.describe());
    CHECK(lost.ending == exited(1));
    CHECK(holds(lost.out + lost.err, "it may have taken effect or not"));
    CHECK(lab->changes().size() == 1);  // it has, and is not repeated
}

TEST_CASE("Cloud Run: a service that somebody else has deployed meanwhile is left alone") {
    const auto lab = GcloudLab::start("leak", 3);
    if (!lab) {
        return;
    }
    lab->set(R"({"deploy_at":3})");  // looked at by the lookup, whose answer the diagnosis takes, and the evidence
    const Ran ran = resolved(*lab, "rollback", {confirmed});
    INFO(ran.describe());
    CHECK(ran.ending == exited(7));
    CHECK(lab->changes().empty());
    CHECK(holds(ran.out + ran.err, "aiprod-api is served by"));
    CHECK(holds(ran.out + ran.err, "as when it was diagnosed"));
}
