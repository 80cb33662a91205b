// `memrb history` with filters, and what helped before, in the list and in a diagnosis.
#include "fake_docker.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

namespace {

/// A host whose container was diagnosed twice, a restart in between.
class Host {
public:
    Host() {
        const auto file = folder_.write("one.yaml",
                                        "memrb: 1\nid: one\ntitle: One\ndiagnose:\n  - id: usage\n"
                                        "    steps: [{id: now, memory: target}]\n"
                                        "thresholds: [{at: 80%, level: warning}]\n"
                                        "options:\n  - id: restart\n    title: Restart\n"
                                        "    steps: [{id: c0, docker: 'restart ${container}'}]\n");
        const std::string as_before = read_file(docker_.bin() / "docker");
        docker_.tool("docker",
                     "#!/bin/sh\n[ \"$1\" = restart ] && exit 0\n" + as_before.substr(as_before.find('\n') + 1));
        runbook_ = file.string();
    }

    Run memrb(std::vector<std::string> words) const {
        return run_memrb(std::move(words))
            .env("DOCKER_HOST", "unix://" + docker_.socket().string())
            .path_first(docker_.bin())
            .home(home_.path());
    }
    Run diagnose() const { return memrb({"diagnose", "backend", "-r", runbook_}); }
    Run restart() const { return memrb({"resolve", "backend", "restart", "-r", runbook_, "--confirm=backend"}); }

private:
    FakeDocker docker_;
    TempDir folder_;
    TempDir home_;
    std::string runbook_;
};

std::size_t listed(const Run& run) {
    Run again = run;
    const auto ran = again.run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    return json::parse(ran.out).at("incidents").size();
}

}  // namespace

TEST_CASE("the list is filtered by what incidents were about and how they ended") {
    const Host host;
    REQUIRE(host.diagnose().run().ending == exited(0));
    REQUIRE(host.restart().run().ending == exited(6));
    const auto list = [&](std::vector<std::string> flags) {
        flags.insert(flags.begin(), {"history", "-o", "json"});
        return listed(host.memrb(flags));
    };
    CHECK(list({}) == 2);
    CHECK(list({"--target", "backend"}) == 2);
    CHECK(list({"--target", "back"}) == 0);
    CHECK(list({"--outcome", "diagnosed"}) == 1);
    CHECK(list({"--outcome", "unverified"}) == 1);
    CHECK(list({"--since", "1h"}) == 2);
    CHECK(list({"--until", "1h"}) == 0);
    CHECK(list({"--cause", "leak"}) == 0);
    CHECK(list({"--target", "backend", "--outcome", "unverified", "--since", "1d"}) == 1);
    const auto none = host.memrb({"history", "--target", "nobody"}).run();
    CHECK(none.ending == exited(0));
    CHECK(none.out == "No recorded incident is like this.\n");
}

TEST_CASE("filters that make no sense are mistakes") {
    const Host host;
    for (const auto& words : {std::vector<std::string>{"history", "--outcome", "recoverd"},
                              {"history", "--since", "yesterday"},
                              {"history", "--until", "2999-01-01T00:00:00Z"},
                              {"history", "k7f2", "--target", "backend"}}) {
        const auto ran = host.memrb(words).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(2));
    }
}

TEST_CASE("what was tried before is told in the list of a target, and in its next diagnosis") {
    const Host host;
    REQUIRE(host.restart().run().ending == exited(6));
    const auto list = host.memrb({"history", "--target", "backend"}).run();
    INFO(list.describe());
    CHECK(list.out.find("restart was tried 1 time, and nothing tells that it helped") != std::string::npos);
    const auto document = json::parse(host.memrb({"history", "--target", "backend", "-o", "json"}).run().out);
    REQUIRE(document.at("helped").size() == 1);
    CHECK(document.at("helped")[0].at("option") == "restart");
    CHECK(document.at("helped")[0].at("tried") == 1);
    CHECK(document.at("helped")[0].at("lasted_seconds").is_null());
    const auto next = host.diagnose().run();
    INFO(next.describe());
    CHECK(next.out.find("Before") != std::string::npos);
    CHECK(next.out.find("restart was tried 1 time") != std::string::npos);
    const auto other = host.memrb({"history", "-o", "json"}).run();
    CHECK(json::parse(other.out).at("helped").empty());
}
