// `memrb watch` through the real binary, on a stand-in for a Docker host.
#include "fake_docker.h"
#include "support/document.h"
#include "support/pty.h"

#include <fmt/core.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace memrb;
using namespace memrb::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// A host whose container `backend` uses this much of its 64 MiB, at each look anew.
class WatchedDocker {
public:
    explicit WatchedDocker(int percent) {
        auto stats = json::parse(recorded("engine-api/stats-running.json"));
        stats.erase("read");  // the time of the answer is that of the look
        const auto inactive = stats["memory_stats"]["stats"]["total_inactive_file"].get<int>();
        stats["memory_stats"]["usage"] = 67108864 / 100 * percent + inactive;
        docker_.engine().always("GET /containers/" + docker_.container_id() + "/stats", json_answer(stats.dump()));
    }

    /// At its third `inspect` it has restarted.
    void restart_soon() {
        wrap(
            fmt::format("if [ \"$1\" = inspect ]; then echo >>'{0}'\n"
                        "  if [ $(grep -c '' '{0}') -ge 3 ]; then\n"
                        "    \"$real\" \"$@\" | sed 's/\"RestartCount\":0/\"RestartCount\":1/'; exit\n  fi\nfi",
                        (docker_.bin() / "count").string()));
    }

    void stop_measuring() {
        docker_.engine().always("GET /containers/" + docker_.container_id() + "/stats", json_answer("oops", 500));
        wrap("[ \"$1\" != stats ] || { echo 'connection refused' >&2; exit 1; }");
    }

    [[nodiscard]] Run watch(std::vector<std::string> flags) const {
        std::vector<std::string> words{"watch", "backend", "--set", "prometheus=http://127.0.0.1:1"};
        words.insert(words.end(), flags.begin(), flags.end());
        return run_memrb(std::move(words))
            .timeout(120s)
            .env("DOCKER_HOST", "unix://" + docker_.socket().string())
            .path_first(docker_.bin());
    }

private:
    /// Does this before the tool itself, `$real`.
    void wrap(const std::string& first) {
        const auto real = docker_.bin() / "docker.real";
        std::filesystem::rename(docker_.bin() / "docker", real);
        docker_.tool("docker", fmt::format("#!/bin/sh\nreal='{}'\n{}\nexec \"$real\" \"$@\"\n", real.string(), first));
    }

    FakeDocker docker_;
};

}  // namespace

TEST_CASE("wrong paces are refused before anything is asked") {
    struct Case {
        std::vector<std::string> flags;
        const char* said;
    };
    for (const auto& one : {Case{{"--every", "soon"}, "--every: `soon` is no duration"},
                            Case{{"--every", "10ms"}, "--every: `10ms` is not within 1s and 7d"},
                            Case{{"--for", "9d"}, "--for: `9d` is not within"}}) {
        std::vector<std::string> words{"watch", "backend"};
        words.insert(words.end(), one.flags.begin(), one.flags.end());
        const auto ran = run_memrb(words).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(2));
        CHECK(ran.out.empty());
        CHECK(ran.err.find(one.said) != std::string::npos);
    }
    CHECK(run_memrb({"watch"}).run().ending == exited(2));
    CHECK(run_memrb({"watch", "x; rm -rf /"}).run().ending == exited(2));
}

TEST_CASE("nobody to ask: there is nothing to watch") {
    const auto ran = run_memrb({"watch", "backend", "--set", "prometheus=http://127.0.0.1:1"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(3));
}

TEST_CASE("the exit codes of a watch are told") {
    const auto codes = run_memrb({"help", "exit-codes"}).run();
    CHECK(codes.out.find("watch: it relapsed") != std::string::npos);
    CHECK(codes.out.find("watch: not recovered, or not known") != std::string::npos);
}

TEST_CASE("recovered: exit 0, one document, and the history tells of it") {
    const TempDir home;
    const WatchedDocker docker(40);
    const auto ran = docker.watch({"--every", "1s", "--for", "3s", "-o", "json"}).home(home.path()).run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    const auto document = document_of(ran);
    CHECK(document.at("schema") == "memrb/watch/v1");
    CHECK(document.at("result") == "recovered");
    CHECK(document.at("held_ms") >= 3000);
    CHECK(document.at("samples").size() >= 2);  // on a slow machine a look takes seconds
    CHECK(document.at("last").at("ratio").get<double>() == Approx(0.4).margin(0.01));
    CHECK(document.at("last").at("criteria").at(0).at("says") == "memory below 80 %");
    CHECK(ran.left_behind.empty());

    const auto history = run_memrb({"history", "-o", "json"}).home(home.path()).run();
    const auto incident = document_of(history).at("incidents").at(0);
    CHECK(incident.at("outcome") == "recovered");
    CHECK(incident.at("level") == "ok");
    const auto timeline = run_memrb({"history", incident.at("id").get<std::string>()}).home(home.path()).run();
    INFO(timeline.describe());
    CHECK(timeline.out.find("watched recovered: all criteria have held for ") != std::string::npos);
}

TEST_CASE("above the threshold: exit 6, told line by line off a terminal") {
    const WatchedDocker docker(83);
    const auto ran = docker.watch({"--every", "1s", "--for", "2s"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(6));
    CHECK(ran.err.find("watching every 1s, until all has held for 2s\n") != std::string::npos);
    CHECK(ran.err.find("memory below 80 %: no, 8") != std::string::npos);
    CHECK(ran.out.find("NOT RECOVERED") != std::string::npos);
    CHECK(ran.out.find('\x1b') == std::string::npos);
    CHECK(ran.err.find('\x1b') == std::string::npos);
    std::size_t lines = 0;  // nothing changes: one line for all samples
    std::istringstream in(ran.err);
    for (std::string line; std::getline(in, line);) {
        lines += line.find(" of 64 MiB") != std::string::npos ? 1 : 0;
    }
    CHECK(lines == 1);
}

TEST_CASE("a restart during the watch is a relapse: exit 1, at once") {
    WatchedDocker docker(40);
    docker.restart_soon();
    const auto ran = docker.watch({"--every", "1s", "--for", "60s", "-o", "jsonl"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    std::vector<json> events;
    std::istringstream in(ran.out);
    for (std::string line; std::getline(in, line);) {
        events.push_back(json::parse(line));
    }
    REQUIRE(events.size() == 8);
    CHECK(events[2].at("event") == "watch_started");
    CHECK(events[4].at("restarts") == 0);
    CHECK(events[5].at("event") == "watch_sampled");
    CHECK(events[5].at("restarts") == 1);
    CHECK(events[6].at("event") == "watch_ended");
    CHECK(events[6].at("result") == "relapsed");
    CHECK(events[6].at("why") == "it has restarted: the restart count rose from 0 to 1");
    CHECK(events[7].at("exit_code") == 1);
}

TEST_CASE("no data to the end is no recovery: exit 6") {
    WatchedDocker docker(40);
    docker.stop_measuring();
    const auto ran = docker.watch({"--every", "1s", "--for", "2s", "-o", "json"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(6));
    CHECK(document_of(ran).at("result") == "unknown");
    CHECK(document_of(ran).at("samples_with_data") == 0);
}

TEST_CASE("on a terminal: one block that is redrawn, and Ctrl-C stops, saves and leaves the terminal as it was") {
    const TempDir home;
    const WatchedDocker docker(40);
    Pty terminal(docker.watch({"--every", "1s", "--for", "10m"}).home(home.path()));
    terminal.expect_on_screen("if all of it goes on to hold", 30s);
    terminal.expect_on_screen("memory below 80 %     for ", 30s);
    CHECK(terminal.screen().text().find("  80 % |") != std::string::npos);
    CHECK(terminal.screen().everything().find("Watch") == terminal.screen().everything().rfind("Watch"));
    terminal.send("\x03");
    CHECK(terminal.wait(30s) == exited(130));
    INFO(terminal.screen().everything());
    CHECK(terminal.what_is_not_restored() == "");
    CHECK(terminal.screen().everything().find("stopped after") != std::string::npos);
    CHECK(terminal.screen().everything().find("saved; all criteria have held for") != std::string::npos);
    const auto history = run_memrb({"history", "-o", "json"}).home(home.path()).run();
    CHECK(document_of(history).at("incidents").at(0).at("outcome") == "interrupted");
}

TEST_CASE("plain on a terminal redraws nothing") {
    const WatchedDocker docker(40);
    Pty terminal(docker.watch({"--every", "1s", "--for", "2s", "--plain"}).env("NO_COLOR", "1"));
    CHECK(terminal.wait(40s) == exited(0));
    CHECK(terminal.raw().find('\x1b') == std::string::npos);
    CHECK(terminal.transcript().find("result: RECOVERED") != std::string::npos);
}
