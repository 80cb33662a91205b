// Options of the container runbook that only a person can do, through a pseudo-terminal.
#include "support/docker_lab.h"
#include "support/pty.h"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace memrb::test;

namespace {

constexpr std::chrono::seconds a_while(90);

}  // namespace

TEST_CASE("what only a person can do is asked for, and is on record") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"working-set=40m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    struct Row {
        std::string option;
        std::vector<std::string> tasks;
    };
    for (const auto& row : std::vector<Row>{{"collect-garbage", {"Call gc.collect() inside the running application"}},
                                            {"reduce-cache", {"Clear the cache by the application's own means"}}}) {
        TempDir home;
        Pty terminal(run_memrb({"resolve", container.name(), row.option, "--set=python=python3"})
                         .env(lab->env())
                         .home(home.path()),
                     200, 50);
        for (const auto& task : row.tasks) {
            terminal.expect(task, a_while);
            terminal.expect("Done?", a_while);
            terminal.send("done\n");
        }
        terminal.expect(row.option + " applied", a_while);
        terminal.send("\x03");
        (void)terminal.wait(a_while);
        std::size_t recorded = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(home.path())) {
            if (entry.path().filename() == "journal.jsonl") {
                const std::string text = read_file(entry.path());
                for (auto at = text.find("done by hand"); at != std::string::npos;
                     at = text.find("done by hand", at + 1)) {
                    ++recorded;
                }
            }
        }
        CHECK(recorded == row.tasks.size());
    }
}
