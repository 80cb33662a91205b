#include "support/interrupted.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

namespace memrb::test {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds a_while(60);
constexpr std::string_view first_card = "the runbook does not say";  // what the first change costs

}  // namespace

std::string three_changes(const std::array<std::string, 3>& changes) {
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

std::array<Says, 3> what_is_on_record(const TempDir& home) {
    const Ran ran = run_memrb({"escalate", "-o", "json"}).home(home.path()).run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    const auto handoff = json::parse(ran.out);
    std::array<Says, 3> all{};
    for (const auto& tried : handoff.at("tried")) {
        const std::string step = tried.at("step");
        const std::string answer = tried.at("answer");
        const bool found = answer.starts_with("found ");
        if (!step.starts_with("all.c") || (!tried.at("begun").get<bool>() && !found)) {
            continue;
        }
        Says& says = all.at(static_cast<std::size_t>(step.back() - '0'));
        const auto& status = tried.at("status");
        says = found ? (answer == "found done" ? Says::done : Says::not_done)
               : status.is_null() || status == "unknown" || status == "interrupted" ? Says::unknown
               : status == "ok"                                                     ? Says::done
                                                                                    : Says::not_done;
        if (status.is_null() && !found) {
            CHECK(handoff.at("text").get<std::string>().find("its end is not on record") != std::string::npos);
        }
    }
    return all;
}

void wait_for_orphans(const Child& child) {
    const auto end = Clock::now() + a_while;
    while (!child.descendants().empty() && Clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    REQUIRE(child.descendants().empty());
}

void kill_at_random_moments(const ThreeChanges& changes, int moments, unsigned seed,
                            const std::function<void(const TempDir& home, int n, const std::string& told)>& after) {
    Clock::duration whole{};
    {
        const TempDir home;
        Running undisturbed = changes.start(home, 0).start();
        undisturbed.wait_for_err(first_card, a_while);
        const auto began = Clock::now();
        const Ran ran = undisturbed.finish();
        whole = Clock::now() - began;
        INFO(ran.describe());
        REQUIRE(what_is_on_record(home) == std::array{Says::done, Says::done, Says::done});
        REQUIRE(changes.seen(0) == Counts{1, 1, 1});
    }
    std::mt19937 random(seed);
    for (int n = 1; n <= moments; ++n) {
        const auto moment = whole * std::uniform_int_distribution<>(0, 1000)(random) / 1000;
        const TempDir home;
        Running running = changes.start(home, n).start();
        running.wait_for_err(first_card, a_while);
        std::this_thread::sleep_for(moment);
        running.signal(SIGKILL);
        REQUIRE(running.child().wait(a_while).has_value());
        wait_for_orphans(running.child());
        after(home, n, running.finish().describe());
    }
}

int resume_to_the_end(const ThreeChanges& changes, const TempDir& home, int n,
                      const std::function<Run(const std::vector<std::string>& flags)>& resume) {
    int asked = 0;
    std::string story;
    std::vector<std::string> flags;
    // Then nothing is left to go on with, and it ends as the diagnosis does.
    const bool was_over = what_is_on_record(home) == std::array{Says::done, Says::done, Says::done};
    for (int attempt = 0; attempt < 4; ++attempt) {
        const Ran ran = resume(flags).run();
        story += ran.describe() + "\n";
        if (ran.ending != exited(4)) {
            INFO(story);
            CHECK((was_over || ran.ending == exited(6) || ran.ending == exited(0)));
            break;
        }
        ++asked;
        const auto at = ran.err.find("whether all.c");
        INFO(story);
        REQUIRE(at != std::string::npos);
        const std::string step = ran.err.substr(at + std::string("whether ").size(), 6);
        const bool made = changes.seen(n).at(static_cast<std::size_t>(step.back() - '0')) > 0;
        flags = {made ? "--done" : "--not-done", step};
    }
    INFO(story);
    CHECK(changes.seen(n) == Counts{1, 1, 1});
    CHECK(what_is_on_record(home) == std::array{Says::done, Says::done, Says::done});
    return asked;
}

}  // namespace memrb::test
