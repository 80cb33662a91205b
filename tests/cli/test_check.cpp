#include "support/run.h"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace memrb;
using namespace memrb::test;

TEST_CASE("the shipped runbooks are valid") {
    const auto ran = run_memrb({"runbook", "check"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(ran.out ==
          "shipped:cloud-run-out-of-memory.yaml: valid\n"
          "shipped:container-high-memory.yaml: valid\n");
    CHECK(ran.err.empty());
}

TEST_CASE("a broken runbook is refused with the place, the line, a caret and a suggestion") {
    const std::string file = MEMRB_FIXTURES "/runbooks/broken/unknown-key.yaml";
    for (const auto& command : {std::vector<std::string>{"runbook", "check", file}, {"check", file}}) {
        const auto ran = run_memrb(command).cwd(std::filesystem::current_path()).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(2));
        CHECK(ran.out.empty());
        CHECK(ran.err.find(file + ":") == 0);
        CHECK(ran.err.find("did you mean") != std::string::npos);
        CHECK(ran.err.find('^') != std::string::npos);
    }
}

TEST_CASE("a runbook that is not there is said so") {
    const auto ran = run_memrb({"runbook", "show", "container-high-memry"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(2));
    CHECK(ran.err.find("did you mean `container-high-memory`?") != std::string::npos);
}

TEST_CASE("runbook show tells a cause and its advice") {
    const auto ran = run_memrb({"runbook", "show", "container-high-memory", "--cause", "leak"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(ran.out.find("Memory leak") != std::string::npos);
}

TEST_CASE("the version and the exit codes are told") {
    CHECK(run_memrb({"--version"}).run().out == "memrb 0.1.0\n");
    CHECK(run_memrb({"version"}).run().out == "memrb 0.1.0\n");
    const auto codes = run_memrb({"help", "exit-codes"}).run();
    for (const auto* code : {"127 ", "128+n ", "10 ", "3 "}) {
        CHECK(codes.out.find(code) != std::string::npos);
    }
    const auto unknown = run_memrb({"diagnos", "backend"}).run();
    CHECK(unknown.ending == exited(2));
    CHECK(unknown.err.find("did you mean `diagnose`?") != std::string::npos);
}
