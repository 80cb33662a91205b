// `memrb resume`, through the real binary: a stand-in for docker keeps a log of the changes, which is the truth that
// the record is held against.
#include "fake_docker.h"
#include "support/interrupted.h"
#include "support/pty.h"
#include "support/records.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

using namespace memrb;
using namespace memrb::test;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A container, a runbook of three changes to it, and a home for the records. Of the changes `restart` waits while
/// there is a file `hold`. None of them sets the limit: the stand-in's stays what it is, so a change of it that was
/// made would be read back as not made.
class Host {
public:
    Host()
        : runbook_(write({"docker: 'update --cpu-shares 8${r} ${container}'", "docker: 'restart ${container}'",
                          "docker: 'kill --signal WINCH ${container}'"})) {
        const std::string as_before = read_file(docker_.bin() / "docker");
        const std::string folder = folder_.str();
        docker_.tool("docker",
                     "#!/bin/sh\ncase \"$1\" in update|restart|kill)\n"
                     "  echo \"begun $*\" >> '" +
                         folder +
                         "/begun'\n"
                         "  while [ \"$1\" = restart ] && [ -e '" +
                         folder +
                         "/hold' ]; do sleep 0.02; done\n"
                         "  sleep 0.15\n  echo \"$*\" >> '" +
                         folder + "/log'\n  sleep 0.1\n  exit 0;;\nesac\n" +
                         as_before.substr(as_before.find('\n') + 1));
    }

    std::filesystem::path write(const std::array<std::string, 3>& changes) {
        return folder_.write("three.yaml", three_changes(changes));
    }
    void hold() const { folder_.write("hold", ""); }
    void release() const { std::filesystem::remove(folder_ / "hold"); }

    Run memrb(std::vector<std::string> words) const {
        return run_memrb(std::move(words))
            .env("DOCKER_HOST", "unix://" + docker_.socket().string())
            .path_first(docker_.bin())
            .home(home_.path());
    }
    Run resolve(std::vector<std::string> flags = {"--confirm=backend"}) const {
        std::vector<std::string> words{"resolve", "backend", "all", "--runbook", runbook_.string()};
        words.insert(words.end(), flags.begin(), flags.end());
        return memrb(std::move(words));
    }
    Run resume(std::vector<std::string> flags = {}) const {
        flags.insert(flags.begin(), {"resume", "--confirm=backend"});
        return memrb(std::move(flags));
    }

    /// A run that is killed while docker restarts the container; docker itself then ends well, or is never let go.
    void interrupt(const std::vector<std::string>& flags = {"--confirm=backend"}) const {
        hold();
        Running running = resolve(flags).start();
        wait_for("begun", "restart");
        running.signal(SIGKILL);
        REQUIRE(running.child().wait(std::chrono::seconds(20)).has_value());
        release();
        wait_for_orphans(running.child());
        (void)running.finish();
    }

    void wait_for(const std::string& file, const std::string& text) const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!has(lines(file), text) && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        REQUIRE(has(lines(file), text));
    }

    /// What has been done, one command on each line.
    [[nodiscard]] std::string lines(const std::string& file = "log") const {
        return std::filesystem::exists(folder_ / file) ? read_file(folder_ / file) : "";
    }
    void forget() const { std::filesystem::remove(folder_ / "log"); }
    [[nodiscard]] Counts seen() const {
        Counts counts{};
        std::istringstream log(lines());
        for (std::string line; std::getline(log, line);) {
            counts[0] += line.starts_with("update ") ? 1U : 0U;
            counts[1] += line.starts_with("restart ") ? 1U : 0U;
            counts[2] += line.starts_with("kill ") ? 1U : 0U;
        }
        return counts;
    }
    [[nodiscard]] const TempDir& home() const { return home_; }

private:
    FakeDocker docker_;
    TempDir folder_;
    TempDir home_;
    std::filesystem::path runbook_;
};

/// Each change is made once, or it asks, whatever the moment of the kill.
void kill_and_resume(unsigned seed) {
    constexpr int moments = 8;  // four times: each case has to fit into the time that a test may take
    const Host host;
    const ThreeChanges changes{[&](const TempDir& home, int /*n*/) {
                                   host.forget();
                                   return host.resolve().home(home.path());
                               },
                               [&](int /*n*/) { return host.seen(); }};
    kill_at_random_moments(changes, moments, seed, [&](const TempDir& home, int n, const std::string& told) {
        CAPTURE(n, told);
        (void)resume_to_the_end(changes, home, n, [&](const std::vector<std::string>& flags) {
            return host.resume(flags).home(home.path());
        });
    });
}

}  // namespace

TEST_CASE("after a kill at a random moment, resume makes each change once, or asks: seed 1") {
    kill_and_resume(1);
}

TEST_CASE("after a kill at a random moment, resume makes each change once, or asks: seed 2") {
    kill_and_resume(2);
}

TEST_CASE("after a kill at a random moment, resume makes each change once, or asks: seed 3") {
    kill_and_resume(3);
}

TEST_CASE("after a kill at a random moment, resume makes each change once, or asks: seed 4") {
    kill_and_resume(4);
}

TEST_CASE("resume shows what is done, unknown and open, and repeats nothing when nobody can be asked") {
    const Host host;
    host.interrupt();
    REQUIRE(host.seen() == Counts{1, 1, 0});
    const auto ran = host.resume().run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(4));
    CHECK(has(ran.err, "1 all.c0  done"));
    CHECK(has(ran.err, "2 all.c1  unknown: its end is not on record"));
    CHECK(has(ran.err, "3 all.c2  open"));
    CHECK(has(ran.err, "the target is the one that was pinned last"));
    CHECK(has(ran.err, "runbook three is as it was"));
    CHECK(has(ran.err, "whether all.c1 was done is not known"));
    CHECK(has(ran.err, "--done all.c1, or --not-done all.c1"));
    CHECK(host.seen() == Counts{1, 1, 0});

    SECTION("it was done") {
        const auto rest = host.resume({"--done", "all.c1"}).run();
        INFO(rest.describe());
        CHECK(rest.ending == exited(6));
        CHECK(host.seen() == Counts{1, 1, 1});
    }
    SECTION("it was not done: it is made again") {
        const auto rest = host.resume({"--not-done", "c1"}).run();
        INFO(rest.describe());
        CHECK(rest.ending == exited(6));
        CHECK(host.seen() == Counts{1, 2, 1});
    }
    SECTION("an answer to what nobody asks is a mistake") {
        for (const auto& flags :
             {std::vector<std::string>{"--done", "c0"}, {"--done", "c9"}, {"--done", "c1", "--not-done", "all.c1"}}) {
            const auto wrong = host.resume(flags).run();
            INFO(wrong.describe());
            CHECK(wrong.ending == exited(2));
        }
        CHECK(host.seen() == Counts{1, 1, 0});
    }
    SECTION("without consent nothing is made") {
        const auto rest = host.memrb({"resume", "--done", "c1"}).run();
        INFO(rest.describe());
        CHECK(rest.ending == exited(4));
        CHECK(host.seen() == Counts{1, 1, 0});
    }
}

TEST_CASE("the dry run of a resume tells what is left, and neither does it nor writes into the record") {
    const Host host;
    host.interrupt();
    const auto journal = only_record(host.home().path()) / "journal.jsonl";
    const std::string before = read_file(journal);
    const auto dry = host.memrb({"resume", "--dry-run", "-o", "json"}).run();
    INFO(dry.describe());
    REQUIRE(dry.ending == exited(0));
    CHECK(read_file(journal) == before);
    CHECK(host.seen() == Counts{1, 1, 0});
    const auto preview = nlohmann::json::parse(dry.out);
    std::map<std::string, nlohmann::json> steps;
    for (const auto& section : preview.at("sections")) {
        for (const auto& step : section.at("steps")) {
            steps[step.at("id")] = step;
        }
    }
    CHECK(steps.at("all.c0").at("status") == "ok");
    CHECK(steps.at("all.c1").at("status") == "previewed");
    CHECK(steps.at("all.c2").at("status") == "previewed");
    CHECK(has(preview.at("warnings").dump(), "all.c1: whether it was done is not known"));

    const auto rest = host.resume({"--done", "all.c1"}).run();
    CHECK(rest.ending == exited(6));
    const std::string sent = steps.at("all.c2").at("requests").at(0);
    CHECK(has(host.lines(), sent.substr(std::string_view("$ docker ").size())));
    const auto nothing = host.memrb({"resume", "--dry-run"}).run();
    INFO(nothing.describe());
    CHECK(nothing.ending == exited(2));
    CHECK(has(nothing.err, "no option that is left to be done"));
}

TEST_CASE("a person is asked whether an unknown change was done") {
    const Host host;
    host.interrupt();
    for (const auto& [keys, code, counts] :
         {std::tuple("q\r", exited(5), Counts{1, 1, 0}), std::tuple("\x03", exited(130), Counts{1, 1, 0}),
          std::tuple("done\r", exited(6), Counts{1, 1, 0})}) {
        Pty terminal(host.memrb({"resume"}), 100, 40);
        terminal.expect("Was it done? [done, not done, q stop]:");
        terminal.send(keys);
        if (std::string(keys) == "done\r") {
            terminal.expect("Step 3/3");
            terminal.expect("Type yes to run");
            terminal.send("q\r");
            terminal.expect("Watch whether it recovers");
            terminal.send("n\r");
        }
        CHECK(terminal.wait() == code);
        CHECK(terminal.restored());
        CHECK(host.seen() == counts);
    }
    // The answer is on record: it is not asked twice.
    const auto rest = host.resume().run();
    INFO(rest.describe());
    CHECK(rest.ending == exited(6));
    CHECK(host.seen() == Counts{1, 1, 1});
    // And then nothing is left to go on with.
    const auto again = host.resume().run();
    INFO(again.describe());
    CHECK(again.ending == exited(0));
    CHECK(host.seen() == Counts{1, 1, 1});
}

TEST_CASE("while the first memrb lives, resume is refused") {
    const Host host;
    host.hold();
    Running running = host.resolve().start();
    host.wait_for("begun", "restart");
    const auto ran = host.resume().run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(7));
    CHECK(has(ran.err, "is being written by process"));
    CHECK(host.seen() == Counts{1, 0, 0});
    host.release();
    CHECK(running.finish().ending == exited(6));
    CHECK(host.seen() == Counts{1, 1, 1});
}

TEST_CASE("what was given by --set holds on") {
    const Host host;
    host.interrupt({"--confirm=backend", "--set", "r=7"});
    host.forget();
    const auto ran = host.resume({"--not-done", "c1", "-o", "json"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(6));
    CHECK(host.seen() == Counts{0, 1, 1});
    const auto document = nlohmann::json::parse(ran.out);
    CHECK(document.at("end") == "applied");
    const auto journal = host.memrb({"history", "-o", "json"}).run();
    CHECK(nlohmann::json::parse(journal.out).at("incidents").size() == 1);
    const auto proof = host.memrb({"verify"}).run();
    CHECK(proof.ending == exited(0));
}

TEST_CASE("a runbook that has changed needs a word") {
    Host host;
    host.interrupt();
    host.write({"docker: 'update --cpu-shares 80 ${container}'", "docker: 'restart ${container}'",
                "docker: 'kill --signal HUP ${container}'"});
    const auto refused = host.resume({"--done", "c1"}).run();
    INFO(refused.describe());
    CHECK(refused.ending == exited(7));
    CHECK(has(refused.err, "runbook three has changed since incident"));
    CHECK(has(refused.err, "--accept-changed-runbook"));
    CHECK(host.seen() == Counts{1, 1, 0});
    SECTION("by flag") {
        const auto accepted = host.resume({"--done", "c1", "--accept-changed-runbook"}).run();
        INFO(accepted.describe());
        CHECK(accepted.ending == exited(6));
        CHECK(has(accepted.err, "runbook three has changed: "));
    }
    SECTION("typed") {
        Pty terminal(host.resume({"--done", "c1"}), 100, 40);
        terminal.expect("Go on with the runbook as it is now? [changed, q stop]:");
        terminal.send("yes\r");
        terminal.expect("Not understood; type changed or q");
        terminal.expect("[changed, q stop]:");  // keys that come before the question are thrown away
        terminal.send("changed\r");
        terminal.expect("Watch whether it recovers", std::chrono::seconds(20));
        terminal.send("n\r");
        CHECK(terminal.wait() == exited(6));
    }
    CHECK(has(host.lines(), "kill --signal HUP"));
}

TEST_CASE("an incident in which no option was begun is diagnosed anew, in the same record") {
    const Host host;
    REQUIRE(host.memrb({"diagnose", "backend"}).run().ending == exited(0));
    const auto ran = host.resume().run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(has(ran.out, "backend"));
    const auto list = host.memrb({"history", "-o", "json"}).run();
    CHECK(nlohmann::json::parse(list.out).at("incidents").size() == 1);
    CHECK(host.memrb({"resume", "zzzz"}).run().ending == exited(2));
}

TEST_CASE("a secret that was typed for the first run has to be given again") {
    const Host host;
    const TempDir folder;
    const auto file = folder.write("secret.yaml",
                                   "memrb: 1\nid: secret\ntitle: Secret\nvars: {key: {secret: true}}\n"
                                   "diagnose:\n  - id: usage\n    steps: [{id: now, memory: target}]\n"
                                   "options:\n  - id: all\n    title: All\n    steps:\n"
                                   "      - {id: c0, docker: 'restart ${container}'}\n"
                                   "      - {id: c1, docker: 'kill --signal ${key} ${container}'}\n");
    host.hold();
    Running running = host.memrb({"resolve", "backend", "all", "--runbook", file.string(), "--confirm=backend", "--set",
                                  "key=aVerySecretWord99"})
                          .start();
    host.wait_for("begun", "restart");
    running.signal(SIGKILL);
    REQUIRE(running.child().wait(std::chrono::seconds(20)).has_value());
    host.release();
    wait_for_orphans(running.child());
    (void)running.finish();
    const auto refused = host.resume({"--done", "c0"}).run();
    INFO(refused.describe());
    CHECK(refused.ending == exited(2));
    CHECK(has(refused.err, "`key` is secret, and so not on record: give it again"));
    const auto ran = host.resume({"--done", "c0", "--set", "key=aVerySecretWord99"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(6));
    CHECK(has(host.lines(), "kill --signal aVerySecretWord99"));
    CHECK_FALSE(has(ran.err, "aVerySecretWord99"));
}
