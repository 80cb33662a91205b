// kill -9 of memrb at random moments of a remedy: what the record then says of each change, against what the engine and
// the API server have seen of it.
#include "support/docker_lab.h"
#include "support/kube_lab.h"
#include "support/temp_dir.h"

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

using namespace memrb::test;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int moments = 25;  // on each platform
constexpr std::chrono::seconds a_while(60);
constexpr std::string_view first_card = "the runbook does not say";  // what the first change costs

using Counts = std::array<std::size_t, 3>;

std::string runbook_of(const std::array<std::string, 3>& changes) {
    std::string text =
        "memrb: 1\nid: three\ntitle: Three changes\n"
        "vars: {n: {default: \"10\"}, r: {default: \"3\"}}\n"
        "diagnose:\n  - id: usage\n    steps: [{id: now, memory: target}]\n"
        "options:\n  - id: all\n    title: All three\n    steps:\n";
    for (std::size_t i = 0; i < changes.size(); ++i) {
        text += "      - {id: c" + std::to_string(i) + ", " + changes[i] + "}\n";
    }
    return text;
}

/// What the record says of a change.
enum class Says { not_done, done, unknown };

std::array<Says, 3> what_is_on_record(const TempDir& home) {
    const Ran ran = run_memrb({"escalate", "-o", "json"}).home(home.path()).run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    const auto handoff = json::parse(ran.out);
    std::array<Says, 3> all{};
    for (const auto& tried : handoff.at("tried")) {
        const std::string step = tried.at("step");
        if (!step.starts_with("all.c") || !tried.at("begun").get<bool>()) {
            continue;
        }
        Says& says = all.at(static_cast<std::size_t>(step.back() - '0'));
        const auto& status = tried.at("status");
        says = status.is_null() || status == "unknown" || status == "interrupted" ? Says::unknown
               : status == "ok"                                                   ? Says::done
                                                                                  : Says::not_done;
        if (status.is_null()) {
            CHECK(handoff.at("text").get<std::string>().find("its end is not on record") != std::string::npos);
        }
    }
    return all;
}

/// With a fraction: what the docker client makes of `0s` is the beginning of this second.
std::string unix_time_now() {
    std::ostringstream stamp;
    stamp << std::fixed << std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    return stamp.str();
}

/// The tool that memrb had started goes on without it.
void wait_for_orphans(const Child& child) {
    const auto end = Clock::now() + a_while;
    while (!child.descendants().empty() && Clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    REQUIRE(child.descendants().empty());
}

/// `start(home, n)` runs the option, agreed to by flag; `seen(n)` is how often each change has been made by that run.
void kill_at_random_moments(const std::function<Run(const TempDir& home, int n)>& start,
                            const std::function<Counts(int n)>& seen) {
    Clock::duration whole{};
    {
        const TempDir home;
        Running undisturbed = start(home, 0).start();
        undisturbed.wait_for_err(first_card, a_while);
        const auto began = Clock::now();
        const Ran ran = undisturbed.finish();
        whole = Clock::now() - began;
        INFO(ran.describe());
        REQUIRE(what_is_on_record(home) == std::array{Says::done, Says::done, Says::done});
        REQUIRE(seen(0) == Counts{1, 1, 1});
    }
    std::mt19937 random(20261122);
    std::map<Says, int> said;
    for (int n = 1; n <= moments; ++n) {
        const auto moment = whole * std::uniform_int_distribution<>(0, 1000)(random) / 1000;
        const TempDir home;
        Running running = start(home, n).start();
        running.wait_for_err(first_card, a_while);
        std::this_thread::sleep_for(moment);
        running.signal(SIGKILL);
        REQUIRE(running.child().wait(a_while).has_value());
        wait_for_orphans(running.child());
        const Ran ran = running.finish();
        const auto record = what_is_on_record(home);
        const Counts made = seen(n);
        for (std::size_t change = 0; change < record.size(); ++change) {
            CAPTURE(n, change, made, ran.describe());
            ++said[record.at(change)];
            switch (record.at(change)) {
                case Says::done: CHECK(made.at(change) == 1); break;
                case Says::not_done: CHECK(made.at(change) == 0); break;
                case Says::unknown: CHECK(made.at(change) <= 1); break;
            }
        }
    }
    // Else the moments would be no test.
    CHECK(said[Says::done] > 0);
    CHECK(said[Says::not_done] > 0);
    CHECK(said[Says::unknown] > 0);
}

}  // namespace

TEST_CASE("memrb killed amid three changes to a container claims nothing that the engine did not do") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"working-set=20m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    const TempDir folder;
    const auto file =
        folder.write("three.yaml",
                     runbook_of({"docker: 'update --memory 8${r}m --memory-swap 9${n}m ${container}'",
                                 "docker: 'restart -t 0 ${container}'", "docker: 'kill --signal WINCH ${container}'"}));
    std::string since;
    const auto start = [&](const TempDir& home, int n) {
        since = unix_time_now();
        return run_memrb({"resolve", container.name(), "all", "--runbook", file.string(),
                          "--confirm=" + container.name(), "--set", "n=" + std::to_string(10 + n), "--set",
                          "r=" + std::to_string(n % 3)})
            .env(lab->env())
            .home(home.path())
            .timeout(a_while);
    };
    const auto seen = [&](int) {
        Counts counts{};
        std::istringstream events(lab->docker_out({"events", "--since", since, "--until", unix_time_now(), "--filter",
                                                   "container=" + container.name(), "--format", "{{json .}}"}));
        for (std::string line; std::getline(events, line);) {
            const auto event = json::parse(line);
            const std::string what = event.at("Action");
            counts[0] += what == "update" ? 1U : 0U;
            counts[1] += what == "restart" ? 1U : 0U;
            counts[2] += what == "kill" && event.at("Actor").at("Attributes").value("signal", "") == "28" ? 1U : 0U;
        }
        return counts;
    };
    kill_at_random_moments(start, seen);
}

TEST_CASE("memrb killed amid three changes to a Deployment claims nothing that the API server did not see") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    const TempDir folder;
    const auto file =
        folder.write("three.yaml", runbook_of({"kubectl: 'scale ${kind}/${target} --replicas=${r}'",
                                               "kubectl: 'set resources ${kind}/${target} --limits=memory=3${n}Mi'",
                                               "kubectl: 'set image ${kind}/${target} app=shop/backend:${n}'"}));
    std::size_t before = 0;
    const auto start = [&](const TempDir& home, int n) {
        before = lab->changes().size();
        return run_memrb({"resolve", "backend", "all", "--runbook", file.string(), "--platform", "kubernetes",
                          "--confirm=backend", "--set", "n=" + std::to_string(10 + n), "--set",
                          "r=" + std::to_string(3 + n % 3)})
            .env(lab->env())
            .home(home.path())
            .timeout(a_while);
    };
    const auto seen = [&](int) {
        Counts counts{};
        const auto changes = lab->changes();
        for (std::size_t i = before; i < changes.size(); ++i) {
            const bool scale = changes[i].at("path").get<std::string>().ends_with("/scale");
            const bool limits = changes[i].dump().find("limits") != std::string::npos;
            ++counts.at(scale ? 0 : limits ? 1 : 2);
        }
        return counts;
    };
    kill_at_random_moments(start, seen);
}
