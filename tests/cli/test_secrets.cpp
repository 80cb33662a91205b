// No secret reaches the incident's folder, the history or the screen.
#include "fake_docker.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

using namespace memrb;
using namespace memrb::test;
namespace fs = std::filesystem;

namespace {

const std::string github = "ghp_" + std::string(20, 'q') + "0123456789abcdef";
const std::string runbook = R"(memrb: 1
id: leaky
title: Steps that know secrets
platforms: [docker]
vars:
  db_login: {default: "Tr0ub4dor-and-3", secret: true}
thresholds: [{at: 80%, level: warning}]
diagnose:
  - id: a
    title: Outputs
    steps:
      - {id: argument, shell: [echo, "login ${db_login} was used"], risk: read}
      - {id: flag, shell: [echo, "--password", "hunter2x"], risk: read}
      - {id: file, shell: [cat, "FILE"], risk: read}
      - {id: environment, shell: [printenv, DEPLOY_TOKEN], risk: read}
      - {id: taken, shell: [cat, "FILE"], risk: read, capture: {first: '.stdout | split("\n")[0]'}}
)";

std::string with_file(std::string text, const std::string& file) {
    for (auto at = text.find("FILE"); at != std::string::npos; at = text.find("FILE")) {
        text.replace(at, 4, file);
    }
    return text;
}

/// 3 MiB of lines with a secret over each border of 64 KiB and of what is kept in memory.
std::string long_output() {
    std::string text = "first " + github + "\n";
    for (std::size_t border = 4096; border <= (std::size_t{3} << 20U); border += border < 65'536 ? 4096 : 65'536) {
        const std::size_t until = border - 20;
        while (text.size() + 40 < until) {
            text += "an ordinary line of an ordinary tool\n";
        }
        text += std::string(until > text.size() ? until - text.size() : 0, '.') + " " + github + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("planted secrets are in no file of the incident, not on the screen and not in its history") {
    const TempDir home;
    const FakeDocker docker;
    const auto output = home.write("long.txt", long_output()).string();
    const auto file = home.write("leaky.yaml", with_file(runbook, output)).string();
    const std::vector<std::string> secrets{"Tr0ub4dor-and-3", "VHIwdWI0ZG9yLWFuZC0z", "hunter2x",
                                           github.substr(4),  "from-the-environment", "given-by-flag-77"};
    for (const std::string format : {"text", "json", "jsonl"}) {
        const auto ran = docker.diagnose({"-r", file, "-o", format, "--set", "db_login=given-by-flag-77"})
                             .home(home.path())
                             .env("DEPLOY_TOKEN", "from-the-environment")
                             .run();
        INFO(format);
        CHECK(ran.ending == exited(3));  // nothing of it measures memory
        for (const auto& secret : secrets) {
            INFO(secret);
            CHECK(ran.out.find(secret) == std::string::npos);
            CHECK(ran.err.find(secret) == std::string::npos);
        }
    }
    fs::remove(output);
    fs::remove(file);
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(home.path())) {
        if (!entry.is_regular_file()) {
            continue;
        }
        ++files;
        const std::string bytes = read_file(entry.path());
        for (const auto& secret : secrets) {
            INFO(entry.path() << ": " << secret);
            CHECK(bytes.find(secret) == std::string::npos);
        }
        if (entry.path().filename() == "a.file.out") {
            CHECK(bytes.size() == long_output().size());
            CHECK(bytes.starts_with("first ****"));
        }
        if (entry.path().filename() == "journal.jsonl") {
            CHECK(bytes.find("\"masked\":") != std::string::npos);
        }
    }
    CHECK(files > 12);
    const auto history = run_memrb({"history", "-o", "json"}).home(home.path()).run();
    CHECK(history.ending == exited(0));
}
