#include "system/cgroup.h"

#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

using namespace memrb;
using namespace memrb::system;
using memrb::test::TempDir;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

const std::string id = "31bc72ba5b78a2eb3a6dd8de8ca1f909af7bb33abd2641b9dac0cb6190d28e16";
const std::string other = "9f00000000000000000000000000000000000000000000000000000000000001";
const fs::path recorded = fs::path(MEMRB_FIXTURES) / "recorded" / "cgroup";
const Timestamp now = parse_rfc3339("2026-11-21T08:51:07.250Z").value();

/// A machine made of recorded files.
class Machine {
public:
    explicit Machine(const std::string& mountinfo) {
        folder_.write("proc/self/mountinfo", test::read_file(recorded / mountinfo));
    }
    void cgroup(const std::string& files, const std::string& at) {
        const fs::path place = folder_.path() / at;
        fs::create_directories(place);
        fs::copy(recorded / files, place, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    }
    void process(int pid, const std::string& cgroup_lines) {
        folder_.write("proc/" + std::to_string(pid) + "/cgroup", cgroup_lines);
    }
    void mountinfo(const std::string& text) { folder_.write("proc/self/mountinfo", text); }
    [[nodiscard]] fs::path operator/(const std::string& name) const { return folder_.path() / name; }

    [[nodiscard]] Outcome read(std::vector<ReadCgroup::Container> containers) const {
        return read_cgroups(ReadCgroup{std::move(containers)}, now, {folder_ / "proc", folder_.path()});
    }
    /// The one container's part of the document.
    [[nodiscard]] Json one(int pid = 0, const std::string& name = id) const {
        return Json::parse(read({{name, pid}}).out.head).at("containers").at(0);
    }

private:
    TempDir folder_;
};

const std::string v1 = "sys/fs/cgroup/memory/";
const std::string v2 = "sys/fs/cgroup/";

std::string why(const Outcome& outcome) {
    const auto* failed = std::get_if<NotStarted>(&outcome.ending);
    return failed == nullptr ? "it was read" : failed->why;
}

}  // namespace

TEST_CASE("the files of a v1 container are handed on as the kernel wrote them") {
    Machine machine("mountinfo-v1-hybrid.txt");
    machine.cgroup("v1-limited", v1 + "docker/" + id);
    const Outcome outcome = machine.read({{id, 0}});
    CHECK(outcome.ending == Ending(Exited{0}));
    const Json container = Json::parse(outcome.out.head).at("containers").at(0);
    CHECK(container.at("id") == id);
    CHECK(container.at("version") == 1);
    CHECK(container.at("read_at") == "2026-11-21T08:51:07.250Z");
    CHECK(container.at("files").at("memory.usage_in_bytes") == "54366208\n");
    CHECK(container.at("files").at("memory.limit_in_bytes") == "67108864\n");
    CHECK(container.at("files").at("memory.stat") == test::read_file(recorded / "v1-limited" / "memory.stat"));
    CHECK(container.at("files").at("memory.oom_control") == "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
    CHECK(container.at("files").size() == 7);
    CHECK_FALSE(container.contains("error"));
}

TEST_CASE("the files of a v2 container are found in its systemd scope") {
    Machine machine("mountinfo-v2.txt");
    machine.cgroup("v2-oom", v2 + "system.slice/docker-" + id + ".scope");
    const Json container = machine.one();
    CHECK(container.at("version") == 2);
    for (const char* name : {"memory.current", "memory.max", "memory.stat", "memory.events", "memory.swap.current"}) {
        CHECK(container.at("files").at(name) == test::read_file(recorded / "v2-oom" / name));
    }
    CHECK(container.at("files").size() == 9);
}

TEST_CASE("in a hybrid setup the tree without a memory controller is passed over") {
    Machine machine("mountinfo-v1-hybrid.txt");
    fs::create_directories(machine / ("sys/fs/cgroup/unified/docker/" + id));
    CHECK(machine.one().at("error") == "its memory cgroup is not on this machine");
    machine.cgroup("v1-limited", v1 + "docker/" + id);
    CHECK(machine.one().at("version") == 1);
}

TEST_CASE("the process says where the folder is") {
    Machine machine("mountinfo-v1-hybrid.txt");
    machine.process(4242, test::read_file(recorded / "v1-limited" / "proc-cgroup.txt"));
    machine.cgroup("v1-limited", v1 + "docker/" + id);
    machine.cgroup("v1-oom", v1 + "aaa/" + id);  // named alike, found by a search only
    CHECK(machine.one(4242).at("files").at("memory.limit_in_bytes") == "67108864\n");
}

TEST_CASE("a container whose init moved into a cgroup of its own is read as a whole") {
    Machine machine("mountinfo-v2.txt");
    machine.process(7, "0::/system.slice/docker-" + id + ".scope/init.scope\n");
    machine.cgroup("v2-limited", v2 + "system.slice/docker-" + id + ".scope");
    machine.cgroup("v2-oom", v2 + "system.slice/docker-" + id + ".scope/init.scope");
    CHECK(machine.one(7).at("files").at("memory.max") == test::read_file(recorded / "v2-limited" / "memory.max"));
}

TEST_CASE("a pid that belongs to somebody else by now does not lead to their memory") {
    Machine machine("mountinfo-v1-hybrid.txt");
    machine.process(7, "4:memory:/docker/" + other + "\n");
    machine.cgroup("v1-oom", v1 + "docker/" + other);
    CHECK(machine.one(7).at("error") == "its memory cgroup is not on this machine");
    machine.cgroup("v1-limited", v1 + "docker/" + id);
    CHECK(machine.one(7).at("files").at("memory.limit_in_bytes") == "67108864\n");
}

TEST_CASE("a path of another cgroup namespace is not followed out of the tree") {
    Machine machine("mountinfo-v1-hybrid.txt");
    machine.process(7, "4:memory:/../../../../outside/" + id + "\n");
    machine.cgroup("v1-oom", "outside/" + id);
    CHECK(machine.one(7).at("error") == "its memory cgroup is not on this machine");
}

TEST_CASE("inside a container a mount shows only a part of the tree") {
    Machine machine("mountinfo-v2.txt");
    machine.mountinfo("29 24 0:26 /system.slice/outer.service /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n");
    machine.process(7, "0::/system.slice/outer.service/nested/" + id + "\n");
    machine.cgroup("v2-limited", v2 + "nested/" + id);
    CHECK(machine.one(7).at("version") == 2);
}

TEST_CASE("a folder in an unusual place is found by its name") {
    Machine machine("mountinfo-v2.txt");
    machine.cgroup("v2-limited", v2 + "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod12_34.slice/" +
                                     "cri-containerd-" + id + ".scope");
    CHECK(machine.one().at("version") == 2);
    CHECK(machine.one(0, other).at("error") == "its memory cgroup is not on this machine");
}

TEST_CASE("a mount point with a space in its name is found") {
    Machine machine("mountinfo-v2.txt");
    machine.mountinfo("29 24 0:26 / /mnt/c\\040group rw - cgroup2 cgroup2 rw\n");
    machine.cgroup("v2-limited", "mnt/c group/docker/" + id);
    CHECK(machine.one().at("version") == 2);
}

TEST_CASE("several containers are read at once, one that is gone does not spoil the others") {
    Machine machine("mountinfo-v1-hybrid.txt");
    machine.cgroup("v1-limited", v1 + "docker/" + id);
    const Outcome outcome = machine.read({{other, 0}, {id, 0}});
    CHECK(outcome.ending == Ending(Exited{0}));
    const Json containers = Json::parse(outcome.out.head).at("containers");
    CHECK(containers.at(0) == Json{{"id", other}, {"error", "its memory cgroup is not on this machine"}});
    CHECK(containers.at(1).at("files").at("memory.usage_in_bytes") == "54366208\n");
    CHECK(outcome.out.total == outcome.out.head.size());
}

TEST_CASE("nothing that could be read is not a reading") {
    Machine machine("mountinfo-v1-hybrid.txt");
    CHECK(why(machine.read({})) == "no container was named");
    CHECK(why(machine.read({{id, 0}})) == "its memory cgroup is not on this machine");
    machine.mountinfo("");
    CHECK(why(machine.read({{id, 0}})) == "this machine has no memory cgroups mounted");
}

TEST_CASE("what is no container id is not looked for") {
    Machine machine("mountinfo-v1-hybrid.txt");
    machine.cgroup("v1-limited", v1 + "docker/" + id);
    for (const std::string& odd : {std::string(), std::string("3"), std::string("../") + id, std::string("31bc72ba5b7"),
                                   std::string("31bc72ba5b78\n"), std::string("backend-backend")}) {
        CHECK(why(machine.read({{odd, 0}})) == "its id is no container id");
    }
    CHECK(machine.one(0, "31bc72ba5b78").at("version") == 1);
}

TEST_CASE("damaged kernel tables are passed over") {
    Machine machine("mountinfo-v2.txt");
    machine.mountinfo("x\n - \n1 2 3 4 5 -\n1 2 3 / /a rw - \n29 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    machine.process(7, ":\n\n0:\n0::\n");
    machine.cgroup("v2-limited", v2 + "docker/" + id);
    CHECK(machine.one(7).at("version") == 2);
}

TEST_CASE("the search follows no links") {
    Machine machine("mountinfo-v2.txt");
    machine.cgroup("v2-limited", "outside/" + id);
    fs::create_directories(machine / v2);
    fs::create_directory_symlink(machine / "outside", machine / (v2 + "link"));
    fs::create_directory_symlink(machine / v2, machine / (v2 + "loop"));
    CHECK(machine.one().at("error") == "its memory cgroup is not on this machine");
}
