#include "actions/kernel_log.h"

#include "base/text.h"
#include "hostile.h"
#include "scene.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

Interpretation read_log(const Scene& scene, const Outcome& outcome) {
    return action("shell").interpret(texts({{"script", "dmesg"}, {"parse", "kernel-log"}}), scene.context(), outcome);
}

Interpretation read_log(const Scene& scene, const std::string& out) {
    return read_log(scene, exited(0, out));
}

// `oom-kill:` and what follows, as Linux 6.18 wrote it for the container `eater`.
std::string kill_line(const std::string& constraint, const std::string& limited, const std::string& victim) {
    return "[ 1184.994441] oom-kill:constraint=" + constraint +
           ",nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=" + limited + ",task_memcg=" + victim +
           ",task=tail,pid=21736,uid=0\n";
}

}  // namespace

TEST_CASE("the kernel's report of the target's kill is found") {
    Scene scene;
    scene.is("eater", eater_id);
    const auto read = read_log(scene, recorded("kernel/dmesg-oom-iso.txt"));
    const auto check = only<OomCheck>(read);
    CHECK(check.source == OomSource::kernel_log);
    REQUIRE(check.sightings.size() == 1);
    CHECK(check.sightings[0].at == at("2026-11-21T21:41:36.994Z"));
    CHECK(check.sightings[0].level == OomLevel::container);
    CHECK(
        check.sightings[0].detail ==
        "Memory cgroup out of memory: Killed process 21736 (tail) total-vm:34528kB, anon-rss:32256kB, file-rss:1264kB, "
        "shmem-rss:0kB, UID:0 pgtables:104kB oom_score_adj:0");
    CHECK(check.since == at("2026-11-21T21:41:36.988Z"));
    CHECK(read.note == "1 kill");
}

TEST_CASE("stamps without a date give no time") {
    Scene scene;
    scene.is("eater", eater_id);
    for (const std::string file : {"kernel/dmesg-oom.txt", "kernel/dmesg-oom-ctime.txt"}) {
        CAPTURE(file);
        const auto check = only<OomCheck>(read_log(scene, recorded(file)));
        REQUIRE(check.sightings.size() == 1);
        CHECK_FALSE(check.sightings[0].at);
        CHECK_FALSE(check.since);
        CHECK(check.sightings[0].level == OomLevel::container);
    }
}

TEST_CASE("only kills that name the pinned container count") {
    Scene scene;
    const std::string log = recorded("kernel/dmesg-many-iso.txt");
    const auto kills = [&](const std::string& name, const std::string& id) {
        scene.is(name, id);
        return only<OomCheck>(read_log(scene, log)).sightings.size();
    };
    CHECK(kills("oomloop", oomloop_id) == 5);
    CHECK(kills("parent", parent_id) == 1);
    CHECK(kills("eater", eater_id) == 1);
    CHECK(kills("backend", backend_id) == 0);
    scene.is("oomloop", oomloop_id);
    CHECK(read_log(scene, log).note == "5 kills");
}

TEST_CASE("the level of a kill is told by whose limit was hit") {
    Scene scene;
    scene.is("eater", eater_id);
    const auto level = [&](const std::string& line) {
        return only<OomCheck>(read_log(scene, line)).sightings.at(0).level;
    };
    const std::string own = "/system.slice/docker-" + eater_id + ".scope";
    CHECK(level(kill_line("CONSTRAINT_MEMCG", own, own)) == OomLevel::container);
    CHECK(level(kill_line("CONSTRAINT_MEMCG", own, own + "/child")) == OomLevel::container);
    CHECK(level(kill_line("CONSTRAINT_MEMCG", "/kubepods/pod1", "/kubepods/pod1/" + eater_id)) == OomLevel::pod);
    CHECK(level(kill_line("CONSTRAINT_NONE", "/", own)) == OomLevel::node);
    CHECK(
        only<OomCheck>(read_log(scene, kill_line("CONSTRAINT_MEMCG", own, "/docker/" + backend_id))).sightings.empty());
    CHECK(only<OomCheck>(read_log(scene, kill_line("CONSTRAINT_MEMCG", own, "/x" + eater_id + "y"))).sightings.empty());
}

TEST_CASE("kernels before 5.0 and journalctl are understood") {
    Scene scene;
    scene.is("eater", eater_id);
    const std::string path = "/docker/" + eater_id;
    const auto old = read_log(
        scene, "[  100.1] Task in " + path + " killed as a result of limit of " + path +
                   "\n[  100.2] Memory cgroup out of memory: Kill process 7 (tail) score 990 or sacrifice child\n"
                   "[  100.3] Killed process 7 (tail) total-vm:1kB, anon-rss:1kB, file-rss:1kB\n");
    CHECK(only<OomCheck>(old).sightings.at(0).detail ==
          "Killed process 7 (tail) total-vm:1kB, anon-rss:1kB, file-rss:1kB");
    const auto journal =
        read_log(scene, "2026-11-21T21:41:36+0100 host kernel: " +
                            kill_line("CONSTRAINT_MEMCG", path, path).substr(std::string("[ 1184.994441] ").size()));
    CHECK(only<OomCheck>(journal).sightings.at(0).at == at("2026-11-21T20:41:36Z"));
}

TEST_CASE("words of a program that look like a report are none") {
    Scene scene;
    scene.is("eater", eater_id);
    const std::string path = "/docker/" + eater_id;
    const std::string report = kill_line("CONSTRAINT_MEMCG", path, path).substr(std::string("[ 1184.994441] ").size());
    CHECK(only<OomCheck>(read_log(scene, "[ 1.0] app[7]: " + report)).sightings.empty());
    CHECK(only<OomCheck>(read_log(scene, "2026-11-21T21:41:36+0100 host app[7]: " + report)).sightings.empty());
}

TEST_CASE("no permission is a reason to skip, not a failure") {
    const Scene scene;
    const auto read = read_log(scene, recorded_failure("kernel/dmesg-denied.txt"));
    CHECK(read.skipped == "no permission to read the kernel log");
    CHECK(only<NoData>(read).why == "no permission to read the kernel log");
    CHECK(read_log(scene, ended(NotStarted{"no", false, true})).skipped == "no permission to read the kernel log");
}

TEST_CASE("a log without kills says that it was looked at") {
    const Scene scene;
    const auto empty = read_log(scene, exited(0, ""));
    CHECK(only<OomCheck>(empty).sightings.empty());
    CHECK(empty.note == "no kills");
    CHECK(only<OomCheck>(read_log(scene, exited(1, ""))).sightings.empty());  // dmesg | grep found nothing
}

TEST_CASE("a log that cannot be read or attributed proves nothing") {
    Scene scene;
    const auto why = [&](const Interpretation& read) { return only<NoData>(read).why; };
    CHECK(why(read_log(scene, exited(1, "", "dmesg: unknown option\n"))) == "dmesg: unknown option (exit 1)");
    CHECK(why(read_log(scene, ended(NotStarted{"dmesg is not installed", true, false}))) == "dmesg is not installed");
    CHECK(why(read_log(scene, "[ 1.0] Out of memory: Killed process 5 (x)\n[ 2.0] Killed process 6 (y)\n")) ==
          "2 OOM kills that do not tell their container");
    Outcome cut = exited(0, "[ 1.0] x\n");
    cut.out.dropped = 2048;
    CHECK(why(read_log(scene, cut)) == "too long to be kept, and no kill among what was kept");
    scene.target.id.clear();
    CHECK(why(read_log(scene, "")) == "without a container id its kills cannot be told from those of others");
}

TEST_CASE("the group kill of another container does not hide that the target has none") {
    Scene scene;
    const std::string other = "/docker/" + eater_id;
    const auto read = read_log(scene, kill_line("CONSTRAINT_MEMCG", other, other) +
                                          "[ 1.1] Memory cgroup out of memory: Killed process 21736 (a)\n"
                                          "[ 1.2] Tasks in " +
                                          other +
                                          " are going to be killed due to memory.oom.group set\n"
                                          "[ 1.3] Memory cgroup out of memory: Killed process 8 (b)\n"
                                          "[ 1.4] Memory cgroup out of memory: Killed process 9 (c)\n");
    CHECK(only<OomCheck>(read).sightings.empty());
}

TEST_CASE("for a past moment later kills and those without a time are left out") {
    Scene scene;
    scene.is("oomloop", oomloop_id);
    scene.past = true;
    scene.now = at("2026-11-21T21:41:40Z");
    CHECK(only<OomCheck>(read_log(scene, recorded("kernel/dmesg-many-iso.txt"))).sightings.size() == 2);
    scene.is("eater", eater_id);
    CHECK(only<OomCheck>(read_log(scene, recorded("kernel/dmesg-oom.txt"))).sightings.empty());
}

TEST_CASE("a broken log never crashes and never invents a kill") {
    Scene scene;
    scene.is("backend", backend_id);
    const std::string log = recorded("kernel/dmesg-many-iso.txt").substr(0, 700);
    each_beginning(log, [&](const std::string& text) { (void)read_log(scene, text); });
    each_corruption(log, [&](const std::string& text) {
        for (const auto& reading : read_log(scene, text).readings) {
            const auto* check = std::get_if<OomCheck>(&reading);
            CHECK((check == nullptr || check->sightings.empty()));
        }
    });
    for (const std::string odd :
         {"[", "]", "oom-kill:", "oom-kill:constraint=", "Task in ", "Killed process ", "2026-11-21T21:41:36+00:00",
          "oom-kill:,,,,=,=", " kernel: ", "[ 1.0] oom-kill:task_memcg=/docker/"}) {
        CAPTURE(odd);
        (void)read_log(scene, odd);
    }
}
