// `memrb diagnose` on real containers in the states that an on-call engineer meets: behind a Compose service, stopped,
// in a restart loop, leaking for hours, full of page cache.
#include "support/compose_lab.h"
#include "support/docker_lab.h"
#include "support/prometheus_lab.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr std::uint64_t mib = 1024 * 1024;
constexpr const char* no_prometheus = "prometheus=http://127.0.0.1:1";

struct Diagnosed {
    Ran ran;
    json document;
};

Diagnosed diagnose(const DockerLab& lab, const std::string& name, const std::string& prometheus = no_prometheus) {
    Diagnosed result{run_memrb({"diagnose", name, "-o", "json", "--set", prometheus}).env(lab.env()).run(), {}};
    INFO(result.ran.describe());
    result.document = json::parse(result.ran.out, nullptr, false);
    REQUIRE_FALSE(result.document.is_discarded());
    CHECK(result.ran.left_behind.empty());
    return result;
}

/// What a person reads.
Ran read_by_person(const DockerLab& lab, const std::string& name) {
    return run_memrb({"diagnose", name, "--set", no_prometheus}).env(lab.env()).run();
}

}  // namespace

TEST_CASE("a Compose service is found by its name, and its container is what is diagnosed") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const std::string service = DockerLab::unique_name("checkout");
    const ComposeProject shop(lab, "services:\n  " + service +
                                       ":\n    image: memrb-lab/mem\n    mem_limit: 64m\n    network_mode: none\n"
                                       "    command: [\"working-set=30m\", \"say=ready\"]\n");
    shop.up();
    const std::string id = shop.container_of(service);
    // Not from the project's folder: the engine knows which service a container belongs to.
    for (const std::string& name : {service, shop.name() + "/" + service}) {
        const auto [ran, document] = diagnose(*lab, name);
        INFO(document.dump(1));
        CHECK(ran.ending == exited(0));
        CHECK(document.at("target").at("id") == id);
        CHECK(document.at("target").at("platform") == "docker");
        CHECK(document.at("target").at("found_by").dump().find("service") != std::string::npos);
        CHECK(document.at("memory").at("limit_bytes") == 64 * mib);
        CHECK(document.at("level") == "ok");
    }
}

TEST_CASE("of a stopped container the exit code is told, and that it has no memory to measure") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=8m", "exit=3"}, .memory = "64m"});
    container.wait_for_state("exited");
    const auto [ran, document] = diagnose(*lab, container.name());
    INFO(document.dump(1));
    CHECK(ran.ending == exited(3));  // no data to judge by
    CHECK(document.at("target").at("id") == container.id());
    CHECK(document.at("target").at("running") == false);
    CHECK(document.at("memory").at("used_bytes").is_null());
    CHECK(document.at("memory").at("ratio").is_null());
    CHECK(document.at("memory").at("why").dump().find("not running") != std::string::npos);
    CHECK(document.at("level") == "unknown");
    CHECK(document.at("oom").at("verdict") == "none");

    const auto text = read_by_person(*lab, container.name());
    INFO(text.describe());
    CHECK(text.ending == exited(3));
    CHECK(text.out.find("exited with 3") != std::string::npos);
    CHECK(text.out.find("is not running") != std::string::npos);
}

TEST_CASE("a container that is OOM killed again and again: the kills are confirmed, its restarts counted") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run(
        {.command = {"hold=96m"}, .memory = "32m", .options = {"--memory-swap", "32m", "--restart", "always"}});
    // The engine waits twice as long before each start, and answers slowly while it starts one: later there is time.
    container.wait_for_restarts(5, 90s);
    container.wait_for_oom_events(5);
    const auto [ran, document] = diagnose(*lab, container.name());
    INFO(document.dump(1));
    CHECK(ran.ending == exited(0));
    CHECK(document.at("level") == "oom");
    CHECK(document.at("oom").at("verdict") == "confirmed");
    CHECK(document.at("oom").at("count").get<int>() >= 5);
    CHECK(document.at("oom").at("confirmed_by").size() >= 2);
    CHECK(document.at("restarts").get<int>() >= 5);
    CHECK_FALSE(document.at("oom").at("last_at").is_null());
}

TEST_CASE("a child that is OOM killed is found though its container lives on") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=4m", "serve=8000", "say=ready"},
                                     .memory = "32m",
                                     .options = {"--memory-swap", "32m"},
                                     .network = true});
    container.wait_for_log("ready");
    // Each when the engine listens: kills before that, or close to each other, are one event or none.
    for (const int kills : {1, 2}) {
        (void)container.tell("child-oom");
        container.wait_for_oom_events(kills);
    }
    CHECK(container.memory().oom_kills == 2);
    const auto [ran, document] = diagnose(*lab, container.name());
    INFO(document.dump(1));
    CHECK(ran.ending == exited(0));
    CHECK(document.at("target").at("running") == true);
    CHECK(document.at("level") == "oom");
    CHECK(document.at("oom").at("verdict") == "confirmed");
    CHECK(document.at("oom").at("count") == 2);
    CHECK(document.at("restarts") == 0);
    CHECK(document.at("memory").at("used_bytes").get<std::uint64_t>() < 16 * mib);
}

TEST_CASE("a child's kill that ends its container is counted with each restart") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=4m", "term=1", "serve=8000", "say=ready"},
                                     .memory = "32m",
                                     .options = {"--memory-swap", "32m", "--restart", "on-failure:2"},
                                     .network = true});
    std::string said = "ready\n";
    for (const int kills : {1, 2, 3}) {
        container.wait_for_log(said);
        (void)container.tell("child-oom");
        container.wait_for_oom_events(kills);
        (void)container.exec({"kill", "-TERM", "1"});  // it cannot go on without its child
        said += "child killed by signal 9\nready\n";
    }
    container.wait_for_state("exited");
    const auto [ran, document] = diagnose(*lab, container.name());
    INFO(document.dump(1));
    CHECK(document.at("level") == "oom");
    CHECK(document.at("oom").at("verdict") == "confirmed");
    CHECK(document.at("oom").at("count") == 3);
    CHECK(document.at("restarts") == 2);
    CHECK(document.at("target").at("running") == false);
    CHECK(document.at("memory").at("used_bytes").is_null());
}

TEST_CASE("a container that leaks and was restarted again and again is a leak with its rate") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"working-set=20m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    const auto end = std::chrono::floor<memrb::Milliseconds>(std::chrono::system_clock::now());
    const auto labels = cadvisor_labels(container.name(), container.id());
    // Three lives of 80 minutes, each from 20 to 60 MiB; the fourth began just now.
    constexpr double life = 80 * 60;
    constexpr double per_second = 40.0 * mib / life;
    const auto into_life = [](double at) { return std::fmod(at, life); };
    const auto begin = end - 4h;
    const auto last = end - 15s;
    const auto prometheus = PrometheusLab::start(
        {series("container_memory_working_set_bytes", labels, begin, last, 15s,
                [&](double at) { return 20.0 * mib + into_life(at) * per_second + 2e5 * std::sin(at / 97); }),
         series("container_memory_rss", labels, begin, last, 15s,
                [&](double at) { return 19.0 * mib + into_life(at) * per_second; }),
         series("container_spec_memory_limit_bytes", labels, begin, last, 15s, [](double) { return 64.0 * mib; }),
         series("container_start_time_seconds", labels, begin, last, 15s, [&](double at) {
             return std::chrono::duration<double>(begin.time_since_epoch()).count() + at - into_life(at);
         })});
    if (!prometheus) {
        return;
    }
    const auto [ran, document] = diagnose(*lab, container.name(), "prometheus=" + prometheus->url());
    INFO(document.dump(1));
    CHECK(ran.ending == exited(0));
    CHECK(document.at("target").at("platform") == "docker");
    CHECK(document.at("memory").at("used_bytes").get<double>() == Approx(20.0 * mib).epsilon(0.1));  // now, not before
    const auto& trend = document.at("trend");
    CHECK(trend.at("verdict") == "sawtooth");
    CHECK(trend.at("restarts_seen").get<int>() >= 2);
    REQUIRE_FALSE(trend.at("slope_bytes_per_hour").is_null());
    CHECK(trend.at("slope_bytes_per_hour").get<double>() == Approx(30.0 * mib).epsilon(0.1));
    REQUIRE_FALSE(document.at("causes").empty());
    CHECK(document.at("causes").at(0).at("id") == "leak");
    CHECK(document.at("options").at(0).at("id") == "restart");
    CHECK(document.at("options").at(0).at("suggested") == true);
    CHECK(document.at("level") == "ok");  // it has just begun anew
}

TEST_CASE("hours of steady growth in Prometheus are a leak, with the time that is left") {
    const auto end = std::chrono::floor<memrb::Milliseconds>(std::chrono::system_clock::now());
    const std::string name = DockerLab::unique_name("ledger");
    const auto labels = cadvisor_labels(name, std::string(64, 'a'));
    constexpr double per_second = 5.0 * mib / 3600;
    constexpr double span = 4 * 3600;
    // 30 to 50 MiB in 4 h, with the ripple of requests that come and go.
    const auto prometheus = PrometheusLab::start(
        {series("container_memory_working_set_bytes", labels, end - 4h, end, 15s,
                [](double at) { return 50.0 * mib - (span - at) * per_second + 2e5 * std::sin(at / 97); }),
         series("container_memory_rss", labels, end - 4h, end, 15s,
                [](double at) { return 49.0 * mib - (span - at) * per_second; }),
         series("container_spec_memory_limit_bytes", labels, end - 4h, end, 15s, [](double) { return 64.0 * mib; }),
         series("container_start_time_seconds", labels, end - 4h, end, 15s,
                [&](double) { return std::chrono::duration<double>((end - 5h).time_since_epoch()).count(); })});
    if (!prometheus) {
        return;
    }
    const auto ran = run_memrb({"diagnose", name, "--platform", "prometheus", "-o", "json", "--set",
                                "prometheus=" + prometheus->url()})
                         .run();
    const auto document = json::parse(ran.out, nullptr, false);
    INFO(ran.describe());
    REQUIRE_FALSE(document.is_discarded());
    CHECK(ran.ending == exited(0));
    const auto& trend = document.at("trend");
    REQUIRE(trend.at("verdict") == "growing");
    CHECK(trend.at("slope_bytes_per_hour").get<double>() == Approx(5.0 * mib).epsilon(0.1));
    CHECK(trend.at("slope_ci90").at(0).get<double>() > 4.0 * mib);
    CHECK(trend.at("slope_ci90").at(1).get<double>() < 6.0 * mib);
    REQUIRE_FALSE(trend.at("seconds_to_limit").is_null());
    CHECK(trend.at("seconds_to_limit").at("mid").get<double>() == Approx(14.0 / 5 * 3600).epsilon(0.15));
    CHECK(document.at("causes").at(0).at("id") == "leak");
    CHECK(document.at("level") == "watch");  // 78 %
}

TEST_CASE("page cache that the kernel can drop is not taken for memory in use") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=4m", "cache=54m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    const auto truth = container.memory();
    REQUIRE(truth.usage > 54 * mib);  // what a naive look calls high
    const auto [ran, document] = diagnose(*lab, container.name());
    INFO(document.dump(1));
    CHECK(ran.ending == exited(0));
    const auto& memory = document.at("memory");
    CHECK(memory.at("metric") == "working set");
    CHECK(memory.at("used_bytes").get<double>() == Approx(static_cast<double>(truth.working_set)).margin(1.3e6));
    CHECK(memory.at("usage_bytes").get<double>() == Approx(static_cast<double>(truth.usage)).margin(1.3e6));
    CHECK(memory.at("reclaimable_bytes").get<std::uint64_t>() > 40 * mib);
    CHECK(document.at("level") == "ok");
    CHECK(document.at("oom").at("verdict") == "none");
    CHECK(document.at("causes").empty());
}

TEST_CASE("of a container full of files that it reads again and again, a sign can tell what could be dropped") {
    const auto lab = DockerLab::open({"busybox"});
    if (!lab) {
        return;
    }
    const auto container = lab->run(
        {.image = "busybox",
         .command = {"sh", "-c",
                     "head -c 52428800 /dev/zero > /tmp/f; sync; while cat /tmp/f > /dev/null; do echo read; done"},
         .memory = "64m"});
    container.wait_for_log("read\nread\nread");  // what is read once is idle
    container.wait_for_working_set(40 * mib);
    const TempDir folder;
    folder.write(
        "cache.yaml",
        "memrb: 1\nid: cache\ntitle: Cache\ndiagnose:\n  - id: usage\n    steps:\n"
        "      - {id: now, memory: target}\n"
        "causes:\n"
        "  - {id: files, title: Files, signs: [{when: .memory.droppable_share | numbers >= 0.7, weight: 3, says: "
        "files}]}\n"
        "  - {id: heap, title: Heap, signs: [{when: .memory.droppable_share | numbers < 0.7, weight: 3, says: "
        "heap}]}\n");
    const auto ran =
        run_memrb({"diagnose", container.name(), "-o", "json", "--runbook", (folder.path() / "cache.yaml").string()})
            .env(lab->env())
            .run();
    INFO(ran.describe());
    const auto document = json::parse(ran.out, nullptr, false);
    REQUIRE(document.is_object());
    REQUIRE(document.at("memory").at("used_bytes").get<double>() > 40.0 * mib);
    REQUIRE(document.at("causes").size() == 1);
    CHECK(document.at("causes").at(0).at("id") == "files");
}
