// A recorded incident that is decided anew. The records are those of drills: they are made as any other is.
#include "drill_checks.h"
#include "incident_home.h"
#include "support/document.h"
#include "support/temp_dir.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

namespace {

class Replay {
public:
    /// Plays a drill, whose record is then at `record`.
    explicit Replay(const std::vector<std::string>& answers) {
        const auto ran = play(answers);
        REQUIRE(ran.ending == exited(0));
        record = *std::filesystem::directory_iterator(drills());
    }

    Ran play(const std::vector<std::string>& answers) { return run({"drill", "leak", "--seed", "3"}, answers, "text"); }
    [[nodiscard]] std::filesystem::path drills() const { return home_.path() / "state/memrb/drills"; }

    Ran anew(const std::vector<std::string>& answers, const std::string& format = "json") {
        return run({"drill", "--from", record.string()}, answers, format);
    }
    json told(const std::vector<std::string>& answers) {
        const auto ran = anew(answers);
        INFO(ran.describe());
        REQUIRE(ran.ending == exited(0));
        REQUIRE(ran.left_behind.empty());
        return json::parse(ran.out);
    }

    std::filesystem::path record;

private:
    Ran run(std::vector<std::string> words, const std::vector<std::string>& answers, const std::string& format) {
        const auto script = home_.path() / "answers";
        write_answers(script, answers);
        words.insert(words.end(), {"--answers", script.string(), "-o", format});
        return run_memrb(words)
            .env("XDG_STATE_HOME", (home_.path() / "state").string())
            .path_only((home_.path() / "empty").string())
            .timeout(Milliseconds{120'000})
            .run();
    }

    TempDir home_;
};

const std::vector<std::string> restart_and_watch{"restart", "yes", "yes", "r", "q"};

}  // namespace

TEST_CASE("who does what was done then sees what was seen then, to the last look") {
    Replay replay(restart_and_watch);
    const auto same = replay.told({"restart", "yes", "yes", "r", "!cause leak", "q"});
    INFO(same.dump(1));
    CHECK(same.at("end") == "left");
    CHECK(same.at("off").is_null());
    CHECK(same.at("named") == "leak");
    CHECK(same.at("decisions_kept") == 1);
    REQUIRE(same.at("then").size() == 1);
    CHECK(same.at("then")[0].at("step") == "restart.compose");
    CHECK(same.at("recovery_then") == "recovered");
    const auto& looks = same.at("evidence");
    REQUIRE(looks.size() >= 2);
    CHECK(looks.front().at("level") == "high");
    CHECK(looks.front().at("cause") == "leak");
    CHECK(looks.back().at("level") == "ok");
    CHECK(looks.back().at("at") > looks.front().at("at"));

    const auto screen = replay.anew({"restart", "yes", "yes", "q"}, "text");
    INFO(screen.describe());
    CHECK(screen.out.find("RECOVERED   all criteria have held for 10 min") != std::string::npos);
    CHECK(screen.out.find("You stayed on the record") != std::string::npos);
}

TEST_CASE("another remedy than the one of the record ends the drill, and says what was done then") {
    Replay replay(restart_and_watch);
    const auto other = replay.anew({"scale-out", "yes", "yes", "yes", "yes", "q"}, "text");
    INFO(other.describe());
    REQUIRE(other.ending == exited(0));
    CHECK(other.err.find("This leads off the record. Then, restart.compose was run") != std::string::npos);
    CHECK(other.out.find("You left the record.") != std::string::npos);

    const auto again = replay.told({"restart", "yes", "n", "restart", "yes", "q"});
    INFO(again.dump(1));
    CHECK(again.at("end") == "off-record");
    CHECK(again.at("decisions_kept") == 1);
    CHECK(again.at("off") == "Nothing more was done then: what this would have changed is not known.");
}

TEST_CASE("a record where nothing was done tells so of whatever is done now") {
    Replay replay({"q"});
    CHECK(replay.told({"q"}).at("end") == "left");
    const auto after = replay.told({"restart", "yes", "q"});
    CHECK(after.at("end") == "off-record");
    CHECK(after.at("then").empty());
    CHECK(after.at("recovery_then").is_null());
}

TEST_CASE("a watch that nobody made then proves nothing now") {
    Replay replay({"restart", "yes", "n", "q"});
    const auto ran = replay.anew({"restart", "yes", "yes", "q"}, "text");
    INFO(ran.describe());
    CHECK(ran.out.find("NOT KNOWN   the record holds no watch here") != std::string::npos);
    CHECK(ran.out.find("RECOVERED") == std::string::npos);
}

TEST_CASE("a record is left as it is, and what is played from it lies among the drills, marked") {
    Replay replay(restart_and_watch);
    const auto size = std::filesystem::file_size(replay.record / "journal.jsonl");
    const auto ran = replay.anew({"restart", "yes", "yes", "q"}, "text");
    REQUIRE(ran.ending == exited(0));
    CHECK(std::filesystem::file_size(replay.record / "journal.jsonl") == size);
    check_marked(ran);
    const auto drills = replay.record.parent_path();
    CHECK(std::distance(std::filesystem::directory_iterator(drills), {}) >= 2);
}

TEST_CASE("the report that a debrief names is that of what was just played, though all began at the same moment") {
    Replay replay({"q"});
    const auto names = [&] {
        std::set<std::string> all;
        for (const auto& entry : std::filesystem::directory_iterator(replay.drills())) {
            all.insert(entry.path().filename().string());
        }
        return all;
    };
    for (int round = 0; round < 6; ++round) {
        const auto before = names();
        const auto ran = round % 2 == 0 ? replay.anew({"q"}, "text") : replay.play({"q"});
        std::vector<std::string> fresh;
        std::ranges::set_difference(names(), before, std::back_inserter(fresh));
        INFO(ran.describe());
        REQUIRE(fresh.size() == 1);
        const std::string id = fresh.front().substr(fresh.front().rfind('-') + 1);
        CHECK(ran.out.find("memrb report --drill " + id) != std::string::npos);
    }
}

TEST_CASE("the shipped demo can be decided anew, and what cannot be is refused") {
    TempDir folder;
    const auto script = (folder.path() / "answers").string();
    write_answers(script, {"!cause leak", "q"});
    const auto demo = run_memrb({"drill", "--from", "demo", "--answers", script, "-o", "json"}).run();
    INFO(demo.describe());
    REQUIRE(demo.ending == exited(0));
    CHECK(json::parse(demo.out).at("target") == "backend");
    const auto both = run_memrb({"drill", "leak", "--from", "demo", "--answers", script}).run();
    CHECK(both.ending == exited(2));
    const auto none = run_memrb({"drill", "--from", "/nowhere", "--answers", script}).run();
    CHECK(none.ending == exited(2));
    CHECK(none.err.find("/nowhere") != std::string::npos);
    const auto alone = run_memrb({"drill", "--from", "demo"}).run();
    CHECK(alone.ending == exited(4));
}

TEST_CASE("an incident is named by its id or the beginning of it, though drills lie in a folder of their own") {
    const IncidentHome home;
    const auto script = (home.path() / "answers").string();
    write_answers(script, {"!cause leak", "restart", "yes", "q"});
    for (const std::string& id : {std::string("a2b3"), home.folder().filename().string()}) {
        const auto ran = home.memrb({"drill", "--from", id, "--answers", script, "-o", "json"}).run();
        INFO(ran.describe());
        REQUIRE(ran.ending == exited(0));
        const auto told = document_of(ran);
        CHECK(told.at("from") == "a2b3");
        CHECK(told.at("target") == "backend");
        CHECK(told.at("evidence").size() == 1);
        CHECK(told.at("end") == "off-record");
    }
    const auto none = home.memrb({"drill", "--from", "zzzz", "--answers", script}).run();
    INFO(none.describe());
    CHECK(none.ending == exited(2));
    CHECK(none.err.find("zzzz") != std::string::npos);
    CHECK(none.err.find("What was the cause") == std::string::npos);
}

TEST_CASE("docs/json.md names what a drill from a record is made of") {
    CHECK(documented_members("memrb/drill-from/v1") ==
          members_of(Replay(restart_and_watch).told({"scale-out", "yes", "yes", "!cause leak", "q"})));
}
