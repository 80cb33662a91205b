// Tools that hang, flood or are not there, through the real binary: each fault is told in a line that names the step
// and why, the other steps go on, nothing hangs, and no process is left behind.
#include "fake_docker.h"
#include "step_checks.h"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace memrb;
using namespace memrb::test;
using namespace std::chrono_literals;

TEST_CASE("a tool that hangs and ignores TERM is killed with its children, and told as timed out") {
    FakeDocker docker;
    docker.tool("hangs", "#!/bin/sh\ntrap '' TERM INT\nsleep 1000 &\necho begun\nsleep 1000\n");
    const auto runbook = docker.bin().parent_path() / "tools.yaml";
    write_runbook(runbook, R"(
      - {id: now, memory: target}
      - {id: hung, shell: [hangs], risk: read, timeout: 1s}
      - {id: script, shell: "trap '' TERM; sleep 1000 & sleep 1000", risk: read, timeout: 1s}
      - {id: well, shell: [echo, fine], risk: read}
)");
    const auto ran = docker.diagnose({"-o", "json", "--runbook", runbook.string()}).run();
    INFO(ran.describe());
    const auto document = clean_document_of(ran);
    CHECK(ran.elapsed < 10s);
    check_step(ran, document, "steps.hung", "failed", "timed out after 1.0 s");
    check_step(ran, document, "steps.script", "failed", "timed out after 1.0 s");
    check_step(ran, document, "steps.well", "ok", "");
    check_step(ran, document, "steps.now", "ok", "");
}

TEST_CASE("a tool that floods both streams is kept in bounds, one that never stops is ended") {
    FakeDocker docker;
    // 24 MiB on each stream at the same time: a reader of one after the other would wait for ever.
    docker.tool("floods",
                "#!/bin/sh\nhead -c 25165824 /dev/zero | tr '\\0' x >&2 &\n"
                "head -c 25165824 /dev/zero | tr '\\0' x\nwait\n");
    docker.tool("endless", "#!/bin/sh\nyes on standard error >&2 &\nexec yes on standard output\n");
    const auto runbook = docker.bin().parent_path() / "tools.yaml";
    write_runbook(runbook, R"(
      - {id: now, memory: target}
      - {id: flood, shell: [floods], risk: read}
      - {id: endless, shell: [endless], risk: read, timeout: 1s}
      - {id: well, shell: [echo, fine], risk: read}
)");
    TempDir home;
    const auto ran = docker.diagnose({"-o", "json", "--runbook", runbook.string()}).home(home.path()).run();
    INFO(ran.describe());
    const auto document = clean_document_of(ran);
    CHECK(ran.elapsed < 15s);
    CHECK(ran.out.size() < 65536);
    CHECK(ran.err.size() < 65536);
    check_step(ran, document, "steps.flood", "ok", "");
    check_step(ran, document, "steps.endless", "failed", "timed out after 1.0 s");
    check_step(ran, document, "steps.well", "ok", "");
    const std::filesystem::path folder = document.at("folder").get<std::string>();
    for (const auto* stream : {"output", "error_output"}) {
        const auto file = folder / step_of(document, "steps.flood").at(stream).get<std::string>();
        CHECK(std::filesystem::file_size(file) == 25165824);
    }
}

TEST_CASE("a tool that is not installed is told as such") {
    FakeDocker docker;
    docker.tool("without-interpreter", "#!/nonexistent/interpreter\n");
    const auto runbook = docker.bin().parent_path() / "tools.yaml";
    write_runbook(runbook, R"(
      - {id: now, memory: target}
      - {id: missing, shell: [no-such-tool, --version], risk: read}
      - {id: dangling, shell: [without-interpreter], risk: read}
      - {id: well, shell: [echo, fine], risk: read}
)");
    const auto ran = docker.diagnose({"-o", "json", "--runbook", runbook.string()}).run();
    INFO(ran.describe());
    const auto document = clean_document_of(ran);
    check_step(ran, document, "steps.missing", "failed", "no-such-tool is not installed (not on PATH)");
    check_step(ran, document, "steps.dangling", "failed", "the interpreter that it asks for is not installed");
    check_step(ran, document, "steps.well", "ok", "");
}
