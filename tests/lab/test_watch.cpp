// `memrb watch` on real containers of a real engine.
#include "support/docker_lab.h"
#include "support/document.h"
#include "support/pty.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace memrb::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

Run watch(const DockerLab& lab, const Container& container, const std::string& lasts) {
    return run_memrb({"watch", container.name(), "--every", "1s", "--for", lasts, "-o", "json", "--set",
                      "prometheus=http://127.0.0.1:1"})
        .env(lab.env())
        .timeout(120s);
}

// The shipped runbook with another pace.
void write_runbook(const std::filesystem::path& path, const std::string& pace) {
    std::ifstream shipped(std::string(MEMRB_SOURCE_DIR) + "/runbooks/container-high-memory.yaml");
    std::stringstream all;
    all << shipped.rdbuf();
    std::string text = all.str();
    const std::string own = "watch: {every: 60s, for: 10m}";
    const auto at = text.find(own);
    REQUIRE(at != std::string::npos);
    std::ofstream(path) << text.replace(at, own.size(), pace);
}

/// A container that holds some memory, and a runbook that watches it at this pace.
class Service {
public:
    Service(const DockerLab& lab, const std::string& pace, const std::string& memory = "hold=20m")
        : lab_(lab), container_(lab.run({.command = {memory, "say=ready"}, .memory = "64m"})) {
        write_runbook(folder_ / "paced.yaml", pace);
        container_.wait_for_log("ready");
    }

    [[nodiscard]] const std::string& name() const { return container_.name(); }
    [[nodiscard]] Run memrb(const std::string& command, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{command, name()};
        words.insert(words.end(), more.begin(), more.end());
        words.insert(words.end(), {"-r", (folder_ / "paced.yaml").string()});
        return run_memrb(words).env(lab_.env());
    }

private:
    const DockerLab& lab_;
    TempDir folder_;
    Container container_;
};

}  // namespace

TEST_CASE("a healthy container has recovered when all has held for the time asked") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=20m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    const auto ran = watch(*lab, container, "5s").run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    const auto document = document_of(ran);
    CHECK(document.at("result") == "recovered");
    CHECK(document.at("held_ms") >= 5000);
    CHECK(document.at("last").at("limit_bytes") == 67108864);
    CHECK(document.at("last").at("oom_kills") == 0);
}

TEST_CASE("a container above the threshold has not") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"working-set=57042534", "say=ready"}, .memory = "64m"});  // 85 %
    container.wait_for_log("ready");
    const auto ran = watch(*lab, container, "3s").run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(6));
    CHECK(document_of(ran).at("result") == "not_recovered");
}

TEST_CASE("a real restart during the watch is a relapse") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=8m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    auto running = watch(*lab, container, "100s").start();
    running.wait_for_err(" of 64 MiB", 60s);  // the first sample: what comes now is new
    REQUIRE(lab->docker({"restart", "--time", "1", container.name()}).ending == exited(0));
    const auto ran = running.finish();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    const auto document = document_of(ran);
    CHECK(document.at("result") == "relapsed");
    CHECK(document.at("why").get<std::string>().find("it has restarted") == 0);
}

TEST_CASE("a real OOM kill inside the container during the watch is a relapse") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=4m", "say=ready", "sleep=8", "hold=96m"},
                                     .memory = "32m",
                                     .options = {"--memory-swap", "32m"}});
    container.wait_for_log("ready");
    const auto ran = watch(*lab, container, "60s").run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    CHECK(document_of(ran).at("result") == "relapsed");
    CHECK(document_of(ran).at("why").get<std::string>().find("OOM kill") != std::string::npos);
}

TEST_CASE("after a change Enter watches the recovery, and the menu is open again") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const Service service(*lab, "watch: {every: 1s, for: 3s}");
    Pty terminal(service.memrb("diagnose"), 100, 60);
    terminal.expect("Choose", 60s);
    terminal.send("restart\n");
    terminal.expect("Type yes to run", 60s);
    terminal.send("yes\n\n");  // the second Enter comes before its question, and is no answer
    terminal.expect("Watch whether it recovers, every 1s for 3s?", 60s);
    terminal.send("\n");
    terminal.expect("RECOVERED", 60s);
    terminal.expect("Choose", 60s);
    terminal.send("q\n");
    CHECK(terminal.wait(60s) == exited(5));
    INFO(terminal.transcript());
    CHECK(terminal.transcript().find("NOT RECOVERED") == std::string::npos);
    CHECK(terminal.what_is_not_restored() == "");
}

TEST_CASE("one Ctrl-C ends a watch and comes back to the menu, the next one leaves") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const Service service(*lab, "watch: {every: 1s, for: 10m}");
    Pty terminal(service.memrb("diagnose"), 100, 60);
    terminal.expect("Choose", 60s);
    terminal.send("w\n");
    terminal.expect("Criteria", 60s);
    terminal.send("\x03");
    terminal.expect("stopped after", 60s);
    terminal.expect("Choose", 60s);
    terminal.send("\x03");
    CHECK(terminal.wait(60s) == exited(130));
    INFO(terminal.transcript());
    CHECK(terminal.what_is_not_restored() == "");
}

TEST_CASE("resolve --watch ends as the recovery does, and says so in its document") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    // 85 % of the limit again after the restart: what was done did not help.
    const Service service(*lab, "watch: {every: 1s, for: 3s}", "working-set=57042534");
    const auto ran = service.memrb("resolve", {"restart", "--confirm=" + service.name(), "--watch", "-o", "json"})
                         .timeout(120s)
                         .run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(6));
    const auto document = document_of(ran);
    CHECK(document.at("schema") == "memrb/remedy/v1");
    CHECK(document.at("end") == "applied");
    CHECK(document.at("recovery").at("result") == "not_recovered");
}
