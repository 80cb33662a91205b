// `memrb scan` over a real Prometheus and a real Docker engine.
#include "support/docker_lab.h"
#include "support/prometheus_lab.h"
#include "support/run.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr double mib = 1024.0 * 1024;

class History {
public:
    void add(const Labels& labels, double limit_mib, const std::function<double(double)>& mib_after,
             Milliseconds begins = 1h, Milliseconds ends = 0s) {
        const auto value = [mib_after](double seconds) { return mib_after(seconds) * mib; };
        all.push_back(series("container_memory_working_set_bytes", labels, now - begins, now - ends, 15s, value));
        all.push_back(series("container_memory_rss", labels, now - begins, now - ends, 15s, value));
        all.push_back(
            series("container_memory_cache", labels, now - begins, now - ends, 15s, [](double) { return 4 * mib; }));
        all.push_back(series("container_spec_memory_limit_bytes", labels, now - begins, now - ends, 15s,
                             [limit_mib](double) { return limit_mib * mib; }));
        const double started = static_cast<double>((now - begins).time_since_epoch().count()) / 1000 - 40'000;
        all.push_back(series("container_start_time_seconds", labels, now - begins, now - ends, 15s,
                             [started](double) { return started; }));
    }
    void count_kills(const Labels& labels, Milliseconds ago) {
        all.push_back(series("container_oom_events_total", labels, now - 1h, now, 15s, [ago](double seconds) {
            return seconds > 3600.0 - static_cast<double>(ago.count()) / 1000 ? 1.0 : 0.0;
        }));
    }

    Timestamp now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::vector<LabSeries> all;
};

json scan(const Run& run) {
    Run copy = run;
    const auto ran = copy.run();
    INFO(ran.describe());
    auto document = json::parse(ran.out, nullptr, false);
    REQUIRE(document.is_object());
    return document;
}

json row(const json& document, const std::string& name) {
    for (const auto& one : document.at("containers")) {
        if (one.at("target").at("name") == name) {
            return one;
        }
    }
    FAIL("no " << name << " in " << document.dump(1));
    return {};
}

// Small, uncorrelated, and the same in each run.
double noise(double seconds) {
    return std::sin(seconds * 12.9898) * 0.3;
}

}  // namespace

TEST_CASE("a fleet in a real Prometheus is judged container by container") {
    History history;
    history.add(cadvisor_labels("leak", "1111"), 512, [](double s) { return 300 + s / 60 * 2 + noise(s); });
    history.add(cadvisor_labels("calm", "2222"), 512, [](double s) { return 100 + noise(s); });
    history.add(cadvisor_labels("tight", "3333"), 100, [](double s) { return 97 + noise(s); });
    history.add(cadvisor_labels("free", "4444"), 0, [](double s) { return 700 + noise(s); });
    history.add(cadvisor_labels("gone", "5555"), 512, [](double s) { return 500 + noise(s); }, 1h, 20min);
    history.add(cadvisor_labels("moved", "6666"), 512, [](double s) { return 300 + noise(s); }, 1h, 20min);
    history.add(cadvisor_labels("moved", "7777"), 512, [](double s) { return 100 + noise(s); }, 20min);
    history.count_kills(cadvisor_labels("tight", "3333"), 30min);
    Labels pod{
        {"namespace", "shop"}, {"pod", "web-1"}, {"container", "app"}, {"id", "/kubepods/a"}, {"instance", "n1"}};
    history.add(pod, 512, [](double s) { return 50 + noise(s); });
    pod["container"] = "POD";
    history.add(pod, 512, [](double) { return 1; });
    history.add({{"id", "/system.slice"}, {"instance", "n1"}}, 0, [](double) { return 900; });
    const auto prometheus = PrometheusLab::start(history.all);
    if (!prometheus) {
        return;
    }
    const Run run = run_memrb({"scan", "-o", "json", "--set", "prometheus=" + prometheus->url()});
    const json document = scan(run);
    INFO(document.dump(1));
    CHECK(document.at("counts").at("containers") == 7);
    CHECK(document.at("counts").at("left_out") == 2);
    CHECK(document.at("counts").at("stale") == 1);
    CHECK(document.at("counts").at("no_limit") == 1);
    CHECK(document.at("warnings").empty());

    CHECK(document.at("containers").at(0).at("target").at("name") == "tight");
    const json tight = row(document, "tight");
    CHECK(tight.at("level") == "critical");
    CHECK(tight.at("oom").at("verdict") == "confirmed");
    CHECK(tight.at("oom").at("count") == 1);
    const auto killed = parse_rfc3339(tight.at("oom").at("last_at").get<std::string>());
    REQUIRE(killed);
    CHECK(std::chrono::abs(*killed - (history.now - 30min)) < 2min);

    const json leak = row(document, "leak");
    CHECK(leak.at("trend").at("verdict") == "growing");
    const double slope = leak.at("trend").at("slope_bytes_per_hour").get<double>() / mib;
    CHECK(slope == Approx(120).epsilon(0.1));
    CHECK(leak.at("trend").at("seconds_to_limit").at("mid").get<double>() == Approx(46 * 60).epsilon(0.2));
    CHECK(leak.at("causes").at(0).at("id") == "leak");
    CHECK(leak.at("memory").at("anon_bytes").is_number());

    CHECK(row(document, "calm").at("trend").at("verdict") == "flat");
    CHECK(row(document, "calm").at("causes").empty());
    CHECK(row(document, "free").at("memory").at("ratio").is_null());
    CHECK(row(document, "gone").at("state") == "stale");
    CHECK(row(document, "gone").at("level") == "unknown");
    CHECK(row(document, "moved").at("trend").at("restarts_seen") == 1);
    CHECK(row(document, "shop/web-1/app").at("target").at("namespace") == "shop");

    const json shop = scan(run_memrb(
        {"scan", "-o", "json", "--match", R"(namespace="shop")", "--set", "prometheus=" + prometheus->url()}));
    CHECK(shop.at("counts").at("containers") == 1);
    CHECK(shop.at("counts").at("left_out") == 1);
}

TEST_CASE("memory that is kept after load is seen by a scan that was told what counts the load") {
    History history;
    constexpr double period = 1800;
    // Busy for the first 40 % of each half hour; 80 % of what that takes stays.
    const auto part = [](double seconds) { return seconds / period - std::floor(seconds / period); };
    const auto kept = [part](double seconds) {
        const double before = 200 + 30 * std::floor(seconds / period);
        const double busy = part(seconds);
        const double taken = busy < 0.4 ? std::min(1.0, busy / 0.15) : 1 - 0.2 * std::min(1.0, (busy - 0.4) / 0.1);
        return before + 37.5 * taken + noise(seconds);
    };
    const auto served = [part](double seconds) {
        return 720 * 50 * (std::floor(seconds / period) + std::min(1.0, part(seconds) / 0.4)) + seconds;
    };
    history.add(cadvisor_labels("kept", "1111"), 512, kept, 2h);
    history.add(cadvisor_labels("calm", "2222"), 512, [](double s) { return 100 + noise(s); }, 2h);
    for (const auto* path : {"/a", "/b"}) {
        history.all.push_back(series("http_requests_total", {{"name", "kept"}, {"instance", "app:80"}, {"path", path}},
                                     history.now - 2h, history.now, 15s, served));
    }
    const auto prometheus = PrometheusLab::start(history.all);
    if (!prometheus) {
        return;
    }
    const auto says_kept = [](const json& row) {
        const std::string told = "at least half of it is kept after the load has gone";
        const auto& causes = row.at("causes");
        return std::any_of(causes.begin(), causes.end(), [&](const json& cause) {
            const auto& evidence = cause.at("evidence");
            return std::find(evidence.begin(), evidence.end(), told) != evidence.end();
        });
    };
    const std::vector<std::string> words{
        "scan", "-o", "json", "--range", "2h", "--set", "prometheus=" + prometheus->url()};
    const json without = scan(run_memrb(words));
    CHECK_FALSE(says_kept(row(without, "kept")));
    std::vector<std::string> more = words;
    more.insert(more.end(), {"--set", "load_metric=http_requests_total"});
    const json with = scan(run_memrb(more));
    INFO(with.dump(1));
    CHECK(with.at("warnings").empty());
    CHECK(row(with, "kept").at("causes").at(0).at("id") == "leak");
    CHECK(says_kept(row(with, "kept")));
    CHECK_FALSE(says_kept(row(with, "calm")));
}

TEST_CASE("the containers of a real engine, the killed one first") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto full = lab->run({.command = {"working-set=62m", "say=ready"}, .memory = "64m"});
    const auto free = lab->run({.command = {"hold=8m", "say=ready"}});
    const auto killed = lab->run({.command = {"hold=96m"}, .memory = "32m", .options = {"--memory-swap", "32m"}});
    full.wait_for_log("ready");
    free.wait_for_log("ready");
    killed.wait_for_state("exited");
    const json document = scan(run_memrb({"scan", "--platform", "docker", "-o", "json"}).env(lab->env()).timeout(60s));
    INFO(document.dump(1));
    CHECK(row(document, full.name()).at("level") == "critical");
    CHECK(row(document, full.name()).at("memory").at("limit_bytes") == 67108864);
    CHECK(row(document, free.name()).at("state") == "no_limit");
    CHECK(row(document, killed.name()).at("state") == "stopped");
    CHECK(row(document, killed.name()).at("oom").at("verdict") == "confirmed");
    CHECK(row(document, killed.name()).at("level") == "oom");
    std::vector<std::string> order;
    for (const auto& one : document.at("containers")) {
        order.push_back(one.at("target").at("name"));
    }
    const auto place = [&](const Container& one) { return std::find(order.begin(), order.end(), one.name()); };
    CHECK(place(killed) < place(full));
    CHECK(place(full) < place(free));
}
