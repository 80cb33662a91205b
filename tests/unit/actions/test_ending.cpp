#include "actions/ending.h"

#include "scene.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

std::string why(std::string_view name, const Params& params, const Outcome& outcome) {
    const auto read = action(name).interpret(params, Scene().context(), outcome);
    return only<NoData>(read).why;
}

}  // namespace

TEST_CASE("an answer is no failure") {
    CHECK_FALSE(failure_of(exited(0, "")));
    CHECK_FALSE(failure_of(answered(204, "")));
    CHECK(action("http")
              .interpret(texts({{"get", "http://x"}}), Scene().context(), answered(200, "{}"))
              .readings.empty());
}

TEST_CASE("each action says why it learnt nothing") {
    CHECK(why("compose", args({"ps"}), recorded_failure("compose/no-file.txt")).find("compose.yml") !=
          std::string::npos);
    CHECK(why("compose", args({"exec", "backend", "python3"}), recorded_failure("compose/exec-failing.txt")) ==
          "ModuleNotFoundError: No module named 'app.core'; 'app' is not a package (exit 1)");
    CHECK(why("compose", args({"exec", "x", "ls"}), recorded_failure("compose/exec-no-service.txt")) == "exit 1");
    CHECK(why("docker", args({"ps"}), recorded_failure("docker/engine-down-client-20.10.txt")) ==
          "the Docker engine does not answer at unix:///var/run/nothing.sock");
    CHECK(why("docker", args({"ps"}), recorded_failure("docker/socket-denied-client-20.10.txt")) ==
          "no permission to use the Docker socket: join the group `docker` or use sudo");
    CHECK(why("http", texts({{"get", "http://x"}}), answered(503, "starting\n")) == "it answers HTTP 503: starting");
    CHECK(why("http", texts({{"get", "http://x"}}), answered(500, "<html>x</html>")) == "it answers HTTP 500");
    CHECK(why("shell", texts({{"script", "x"}}), exited(127, "", "sh: 1: x: not found\n")) ==
          "sh: 1: x: not found (exit 127)");
    CHECK(why("shell", texts({{"script", "x"}}), ended(Signalled{6})) == "killed by SIGABRT");
    CHECK(why("manual", texts({{"text", "x"}}), ended(Unknown{"never run"})) == "unknown: never run");
}

TEST_CASE("what a tool says last is told in one safe line") {
    CHECK(last_words(exited(1, "", "a\nb \n\n").err) == "b");
    CHECK(last_words(exited(1, "", "").err).empty());
    CHECK(last_words(exited(1, "", std::string(5'000, 'x')).err).size() == 300);
    CHECK(last_words(exited(1, "", "\x1b]0;title\x07").err).find('\x1b') == std::string::npos);
    Outcome long_one = exited(1, "");
    long_one.err.head = "begin\n";
    long_one.err.tail = "end\n";
    long_one.err.dropped = 5;
    CHECK(last_words(long_one.err) == "end");
}
