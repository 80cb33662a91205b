#include "actions/docker_rules.h"

#include "actions/docker_verbs.h"
#include "base/shell_words.h"
#include "scene.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

Params words_of(const std::string& text, bool reads = false) {
    Params params;
    const auto words = base::split_words(text);
    REQUIRE(words);
    params.set("args", Param{{}, *words, {}});
    if (reads) {
        params.set("reads", Param{"true", {}, {}});
    }
    return params;
}

Risk docker(const std::string& text, bool reads = false) {
    return action("docker").risk(words_of(text, reads));
}

Risk compose(const std::string& text, bool reads = false) {
    return action("compose").risk(words_of(text, reads));
}

std::string refused(std::string_view tool, const std::string& text, bool reads = false) {
    const auto checked = action(tool).check(words_of(text, reads));
    return checked ? "" : checked.error().message;
}

}  // namespace

TEST_CASE("docker's risk is known by command") {
    for (const std::string text : {"ps -a",
                                   "inspect backend",
                                   "container inspect backend",
                                   "logs --tail 5 backend",
                                   "events --until 0s",
                                   "stats --no-stream",
                                   "top backend",
                                   "version",
                                   "info",
                                   "images",
                                   "port backend",
                                   "diff backend",
                                   "system df",
                                   "system events --until 0s",
                                   "volume ls",
                                   "network inspect x",
                                   "container ls",
                                   "image ls",
                                   "-D ps",
                                   "--log-level debug ps",
                                   "--debug ps"}) {
        CAPTURE(text);
        CHECK(docker(text) == Risk::read);
    }
    for (const std::string text :
         {"start backend", "unpause backend", "update --memory 1g backend", "container start x"}) {
        CAPTURE(text);
        CHECK(docker(text) == Risk::reversible);
    }
    for (const std::string text :
         {"restart backend", "stop backend", "kill backend", "pause backend", "run x", "exec backend ls", "cp a b",
          "commit backend", "container restart x", "service scale x=2"}) {
        CAPTURE(text);
        CHECK(docker(text) == Risk::disruptive);
    }
    for (const std::string text :
         {"rm backend", "container rm backend", "rmi x", "volume rm x", "volume prune -f", "system prune -f",
          "network prune -f", "image rm x", "builder prune", "stack rm x", "swarm leave"}) {
        CAPTURE(text);
        CHECK(docker(text) == Risk::irreversible);
    }
}

TEST_CASE("what is not known of docker is disruptive") {
    CHECK(docker("frobnicate backend") == Risk::disruptive);
    CHECK(docker("volume frobnicate") == Risk::disruptive);
    CHECK(docker("volume") == Risk::disruptive);
    CHECK(docker("${verb} backend") == Risk::disruptive);
    CHECK(docker("--new-option ps") == Risk::disruptive);
    CHECK(docker("-Hunix:///x ps") == Risk::disruptive);
    CHECK(docker("PS") == Risk::disruptive);
    CHECK(docker("") == Risk::disruptive);
    CHECK(action("docker").risk(Params{}) == Risk::disruptive);
}

TEST_CASE("an option's value is not taken for the command") {
    CHECK(docker("--log-level inspect rm backend") == Risk::irreversible);
    CHECK(docker("--log-level=inspect rm backend") == Risk::irreversible);
    CHECK(docker("-H tcp://x:1 rm backend") == Risk::irreversible);
    CHECK(docker("--context ps restart backend") == Risk::disruptive);
    CHECK(compose("--profile ps down") == Risk::irreversible);
}

TEST_CASE("compose's risk is known by command") {
    for (const std::string text : {"ps", "logs --tail 5", "config", "images", "top", "port backend 80", "version", "ls",
                                   "convert", "--ansi never ps"}) {
        CAPTURE(text);
        CHECK(compose(text) == Risk::read);
    }
    CHECK(compose("start backend") == Risk::reversible);
    for (const std::string text :
         {"restart backend", "up -d backend", "up --scale backend=3 -d", "scale backend=3", "stop", "kill",
          "exec backend ls", "run backend ls", "config -o compose.yml", "config --output=compose.yml", "frobnicate"}) {
        CAPTURE(text);
        CHECK(compose(text) == Risk::disruptive);
    }
    CHECK(compose("down") == Risk::irreversible);
    CHECK(compose("down -v") == Risk::irreversible);
    CHECK(compose("rm -f backend") == Risk::irreversible);
}

TEST_CASE("an exec that the runbook vouches for is a read, and nothing else is") {
    CHECK(docker("exec backend cat /proc/meminfo", true) == Risk::read);
    CHECK(docker("container exec backend cat /proc/meminfo", true) == Risk::read);
    CHECK(compose("exec -T backend python3 -c 'import gc'", true) == Risk::read);
    CHECK(docker("restart backend", true) == Risk::disruptive);
    CHECK(docker("rm backend", true) == Risk::irreversible);
    CHECK(docker("run x", true) == Risk::disruptive);
    CHECK(docker("exec --privileged backend ls", true) == Risk::disruptive);
    CHECK(docker("exec -d backend ls", true) == Risk::disruptive);
    CHECK(refused("docker", "restart backend", true) ==
          "`docker restart`: `reads` is for `exec` only: what this command does is known without it");
    CHECK(refused("docker", "exec --privileged backend ls", true) ==
          "`docker exec`: a program that only reads needs neither `--privileged` nor `--detach`");
    CHECK(refused("docker", "exec backend tool --privileged -d", true).empty());
    CHECK(refused("docker", "exec -e A=b -u root backend tool -d", true).empty());
}

TEST_CASE("commands without an end are refused") {
    CHECK(refused("docker", "events --since 1h") ==
          "`docker events`: without `--until` it never ends: add `--until 0s`");
    CHECK(refused("docker", "system events") ==
          "`docker system events`: without `--until` it never ends: add `--until 0s`");
    CHECK(refused("docker", "events --since 1h --until 0s").empty());
    CHECK(refused("docker", "events --until=0s").empty());
    CHECK(refused("docker", "stats backend") == "`docker stats`: without `--no-stream` it never ends");
    CHECK(refused("docker", "stats --no-stream=false backend") ==
          "`docker stats`: without `--no-stream` it never ends");
    CHECK(refused("docker", "stats --no-stream --format '{{json .}}' backend").empty());
    for (const std::string text : {"logs -f backend", "logs --follow backend", "logs -tf backend", "logs backend -f",
                                   "logs --follow=true backend", "container logs -f x"}) {
        CAPTURE(text);
        CHECK(refused("docker", text).find("`--follow` never ends: use `--since` or `--tail`") != std::string::npos);
    }
    for (const std::string text :
         {"logs -n 5 backend", "logs -nf backend", "logs --follow=false backend", "logs -t x", "logs -- -f"}) {
        CAPTURE(text);
        CHECK(refused("docker", text).empty());
    }
    CHECK(refused("docker", "attach backend") == "`docker attach`: it needs a terminal, which a step does not have");
    CHECK(refused("docker", "exec -it backend sh") == "`docker exec`: a step has no terminal: leave out `-t`");
    CHECK(refused("docker", "exec backend tool -t").empty());
    CHECK(refused("docker", "system prune") ==
          "`docker system prune`: it asks, and a step cannot answer: add `--force`");
    CHECK(refused("docker", "system prune -af").empty());
    CHECK(refused("compose", "logs -f").find("never ends") != std::string::npos);
    CHECK(refused("compose", "events") == "`compose events`: it never ends");
    CHECK(refused("compose", "watch") == "`compose watch`: it never ends");
    CHECK(refused("compose", "stats") == "`compose stats`: without `--no-stream` it never ends");
    CHECK(refused("compose", "up backend") == "`compose up`: it stays attached to the containers: add `-d`");
    CHECK(refused("compose", "up -d backend").empty());
    CHECK(refused("compose", "up --scale backend=3 -d").empty());
    CHECK(refused("compose", "rm backend") == "`compose rm`: it asks, and a step cannot answer: add `--force`");
    CHECK(refused("compose", "rm -sf backend").empty());
}

TEST_CASE("options that address something else than the target are refused") {
    CHECK(refused("docker", "-H tcp://x:1 ps") ==
          "`-H` before the command would address something else than the target");
    CHECK(refused("docker", "--context=other ps") ==
          "`--context=other` before the command would address something else than the target");
    CHECK(refused("compose", "-p other ps") == "`-p` before the command would address something else than the target");
    CHECK(refused("compose", "--env-file=x ps").find("would address something else") != std::string::npos);
    CHECK(refused("docker", "--frob ps") == "unknown option `--frob` before the command");
    CHECK(refused("docker", "") == "no command: write for example `docker: ps`");
    CHECK(refused("compose", "--ansi never") == "no command: write for example `compose: ps`");
    const auto nested = action("docker").check(words_of("compose restart backend"));
    REQUIRE_FALSE(nested);
    CHECK(nested.error().message == "`docker: compose ...` does not know the target's project");
    CHECK(nested.error().hint == "write `compose: ...`: memrb then adds the project and its files");
}
