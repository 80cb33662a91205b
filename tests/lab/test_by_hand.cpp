// Options of the container runbook that only a person can do, through a pseudo-terminal.
#include "by_hand.h"
#include "support/docker_lab.h"
#include "support/records.h"

#include <catch2/catch.hpp>

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
    for (const auto& row :
         std::vector<ByHand>{{"collect-garbage", {"Call gc.collect() inside the running application"}},
                             {"reduce-cache", {"Clear the cache by the application's own means"}}}) {
        TempDir home;
        do_by_hand(run_memrb({"resolve", container.name(), row.option, "--set=python=python3"})
                       .env(lab->env())
                       .home(home.path()),
                   row, a_while);
        CHECK(times_recorded(only_record(home.path()), "done by hand") == row.tasks.size());
    }
}
