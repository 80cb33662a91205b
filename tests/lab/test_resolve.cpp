// Options of the shipped runbook, run on real containers of a real engine.
#include "support/compose_lab.h"
#include "support/docker_lab.h"
#include "support/pty.h"
#include "support/records.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds a_while(60);  // a diagnosis under sanitizers on a busy machine

std::string started_at(const Container& container) {
    return container.inspect().at("State").at("StartedAt");
}

Container leaking(const DockerLab& lab) {
    auto container = lab.run({.command = {"working-set=40m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    return container;
}

Run resolve(const DockerLab& lab, const Container& container, const std::string& option,
            const std::vector<std::string>& flags) {
    std::vector<std::string> words{"resolve", container.name(), option};
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(words).env(lab.env());
}

}  // namespace

TEST_CASE("nobody to agree: nothing is changed, and the flag is named") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = leaking(*lab);
    const std::string before = started_at(container);
    const auto ran = resolve(*lab, container, "restart", {}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(4));
    CHECK(ran.err.find("--confirm=" + container.name()) != std::string::npos);
    const auto other = resolve(*lab, container, "restart", {"--confirm=backend"}).run();
    CHECK(other.ending == exited(2));
    const auto capped =
        resolve(*lab, container, "restart", {"--confirm=" + container.name(), "--max-risk=reversible"}).run();
    INFO(capped.describe());
    CHECK(capped.ending == exited(1));
    CHECK(capped.err.find("--max-risk allows reversible at most") != std::string::npos);
    CHECK(started_at(container) == before);
}

TEST_CASE("a restart by flag is done once, with evidence before it and checks after it") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = leaking(*lab);
    const std::string before = started_at(container);
    TempDir home;
    const auto ran = resolve(*lab, container, "restart", {"--confirm=" + container.name()}).home(home.path()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(started_at(container) != before);
    CHECK(container.inspect().at("State").at("Running") == true);
    CHECK(ran.err.find("$ docker restart " + container.id()) != std::string::npos);
    CHECK(ran.err.find("restart applied") != std::string::npos);

    std::vector<std::string> order;
    for (const auto& event : events_of(only_record(home.path()))) {
        const std::string step = event.value("step", "");
        if (event.at("event") == "step_started" && (step.starts_with("evidence.") || step.starts_with("restart."))) {
            order.push_back(step);
        }
    }
    const auto change = std::find(order.begin(), order.end(), "restart.container");
    REQUIRE(change != order.end());
    CHECK(std::count(order.begin(), order.end(), "restart.container") == 1);
    CHECK(std::find(order.begin(), change, "evidence.logs") != change);
    CHECK(std::find(change, order.end(), "restart.memory") != order.end());
}

TEST_CASE("the limit is raised in the cgroup, and undo brings the old one back") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = leaking(*lab);
    REQUIRE(container.memory().limit == std::uint64_t{64} << 20U);
    Pty terminal(run_memrb({"diagnose", container.name(), "--set", "memory_limit=128m"}).env(lab->env()), 120, 60);
    terminal.expect("Choose", a_while);
    terminal.send("raise-limit\n");
    terminal.expect("Type yes to run", a_while);
    CHECK(container.memory().limit == std::uint64_t{64} << 20U);
    terminal.send("yes\n");
    terminal.expect("raise-limit applied", a_while);
    CHECK(container.memory().limit == std::uint64_t{128} << 20U);
    terminal.expect("Watch whether it recovers", a_while);
    terminal.send("n\n");
    terminal.expect("Keep it?", a_while);
    terminal.send("undo\n");
    terminal.expect("Type yes to run", a_while);
    terminal.send("yes\n");
    terminal.expect("raise-limit, undo applied", a_while);
    CHECK(container.memory().limit == std::uint64_t{64} << 20U);
    terminal.expect("Choose", a_while);
    terminal.send("q\n");
    CHECK(terminal.wait(a_while) == exited(5));
    CHECK(terminal.what_is_not_restored() == "");
}

TEST_CASE("no keys but the whole word change anything") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = leaking(*lab);
    const std::string before = started_at(container);
    const auto at_the_question = [&](const std::vector<std::string>& keys, memrb::test::Ending end,
                                     std::size_t columns) {
        Pty terminal(run_memrb({"diagnose", container.name()}).env(lab->env()), columns, 40);
        terminal.expect("Choose", a_while);
        terminal.send("restart\nyes\nyes\n");  // typed ahead of the question
        terminal.expect("Type yes to run", a_while);
        for (const auto& key : keys) {
            terminal.send(key);
            if (&key != &keys.back()) {
                terminal.expect(key == "q\n" || key == "\x04" ? "Choose" : "Type yes to run", a_while);
            }
        }
        CHECK(terminal.wait(a_while) == end);
        INFO(terminal.transcript());
        CHECK(terminal.what_is_not_restored() == "");
        CHECK(started_at(container) == before);
    };
    at_the_question({"\n", "y\n", "Y\n", "1\n", "q\n", "q\n"}, exited(5), 80);
    at_the_question({"\x03"}, exited(130), 80);
    at_the_question({"\x04", "q\n"}, exited(5), 50);
    at_the_question({"yes\x03"}, exited(130), 50);
}

TEST_CASE("a container that was started anew in the meantime is left alone") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = leaking(*lab);
    Pty terminal(run_memrb({"resolve", container.name(), "restart"}).env(lab->env()), 100, 40);
    terminal.expect("Type yes to run", a_while);
    (void)lab->docker_out({"restart", "-t", "0", container.name()});
    const std::string theirs = started_at(container);
    terminal.send("yes\n");
    CHECK(terminal.wait(a_while) == exited(7));
    INFO(terminal.transcript());
    CHECK(terminal.transcript().find("has been started anew since it was diagnosed") != std::string::npos);
    CHECK(started_at(container) == theirs);
}

TEST_CASE("a Compose service is restarted by Compose") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const ComposeProject shop(lab,
                              "services:\n"
                              "  backend:\n"
                              "    image: memrb-lab/mem\n"
                              "    command: [working-set=40m, say=ready]\n"
                              "    mem_limit: 64m\n");
    shop.up();
    const std::string id = shop.container_of("backend");
    const auto started = [&] { return lab->docker_out({"inspect", "--format", "{{.State.StartedAt}}", id}); };
    const std::string before = started();
    const std::string name = lab->docker_out({"inspect", "--format", "{{.Name}}", id}).substr(1);
    const auto ran = run_memrb({"resolve", name, "restart", "--confirm=" + name}).env(lab->env()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(ran.err.find("restart backend") != std::string::npos);
    CHECK(started() != before);
}
