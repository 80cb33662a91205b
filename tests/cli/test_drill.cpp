#include "drill_checks.h"
#include "support/run.h"
#include "support/temp_dir.h"
#include "support/traced.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

namespace {

std::vector<std::string> ids() {
    const auto ran = run_memrb({"drill", "--list", "-o", "json"}).run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    std::vector<std::string> all;
    const auto document = json::parse(ran.out);
    for (const auto& drill : document.at("drills")) {
        all.push_back(drill.at("id"));
    }
    return all;
}

/// Plays scripts, each with a home of its own.
class Theatre {
public:
    Ran play(const std::string& id, const std::vector<std::string>& answers, const std::string& format = "json",
             const std::string& seed = "7") {
        const auto file = folder_.path() / "answers";
        write_answers(file, answers);
        // No docker, no network, nothing that could be started.
        auto ran = run_memrb({"drill", id, "--seed", seed, "--answers", file.string(), "-o", format})
                       .path_only((folder_.path() / "empty").string())
                       .timeout(Milliseconds{120'000})
                       .run();
        INFO(ran.describe());
        REQUIRE(ran.ending == exited(0));
        REQUIRE(ran.left_behind.empty());
        return ran;
    }
    json score(const std::string& id, const std::vector<std::string>& answers, const std::string& seed = "7") {
        return json::parse(play(id, answers, "json", seed).out);
    }

private:
    TempDir folder_;
};

std::vector<std::string> good_path(const json& document) {
    std::vector<std::string> answers;
    for (const auto& move : document.at("good_path")) {
        answers.push_back(move.at("answer"));
    }
    return answers;
}

std::vector<std::string> only_restarts() {
    std::vector<std::string> answers;
    for (int i = 0; i < 3; ++i) {
        answers.insert(answers.end(), {"restart", "yes", "n", "!wait 10m"});
    }
    answers.insert(answers.end(), {"q", "n"});
    return answers;
}

}  // namespace

TEST_CASE("each kind of root cause and of red herring has a drill") {
    const auto all = ids();
    CHECK(all.size() >= 12);
    for (const auto* id : {"leak", "unbounded-cache", "large-payloads", "connection-pool", "under-provisioned",
                           "traffic-spike", "library-leak", "page-cache", "sticky-flag", "wrong-container", "no-limit",
                           "prometheus-down", "resolved-by-itself", "nothing-helps", "kube-rollout-leak",
                           "kube-under-provisioned", "cloud-leak", "cloud-under-provisioned", "cloud-payloads"}) {
        INFO(id);
        CHECK(std::find(all.begin(), all.end(), id) != all.end());
    }
}

// One part of the drills in each case, so that they can run side by side.
template <int Part, int Parts>
void play_all() {
    Theatre theatre;
    const auto all = ids();
    for (std::size_t i = Part; i < all.size(); i += Parts) {
        const auto& id = all[i];
        INFO(id);
        const auto nothing = theatre.score(id, {"q"});
        INFO(nothing.dump(1));
        CHECK(nothing.at("score") < 20);
        const auto answers = good_path(nothing);
        const auto played = theatre.play(id, answers);
        CHECK(played.out == theatre.play(id, answers).out);  // to the last byte
        const auto good = json::parse(played.out);
        INFO(good.dump(1));
        CHECK(good.at("score") >= 90);
        CHECK(good.at("success") == true);
        CHECK(good.at("path").size() == good.at("good_path").size());  // each answer was asked for
        const auto restarts = theatre.score(id, only_restarts());
        INFO(restarts.dump(1));
        CHECK(restarts.at("score") < 50);
    }
}

TEST_CASE("a good path scores 90, twice the same, restarts less than 50, nothing less than 20: part 1 of 7") {
    play_all<0, 7>();
}
TEST_CASE("a good path scores 90, twice the same, restarts less than 50, nothing less than 20: part 2 of 7") {
    play_all<1, 7>();
}
TEST_CASE("a good path scores 90, twice the same, restarts less than 50, nothing less than 20: part 3 of 7") {
    play_all<2, 7>();
}
TEST_CASE("a good path scores 90, twice the same, restarts less than 50, nothing less than 20: part 4 of 7") {
    play_all<3, 7>();
}
TEST_CASE("a good path scores 90, twice the same, restarts less than 50, nothing less than 20: part 5 of 7") {
    play_all<4, 7>();
}
TEST_CASE("a good path scores 90, twice the same, restarts less than 50, nothing less than 20: part 6 of 7") {
    play_all<5, 7>();
}
TEST_CASE("a good path scores 90, twice the same, restarts less than 50, nothing less than 20: part 7 of 7") {
    play_all<6, 7>();
}

TEST_CASE("another seed is another drill of its kind") {
    Theatre theatre;
    const auto one = theatre.score("leak", {"q"}, "1");
    const auto other = theatre.score("leak", {"q"}, "2");
    CHECK(one.at("evidence") != other.at("evidence"));
    CHECK(one.at("cause") == other.at("cause"));
}

TEST_CASE("each line of a drill bears the mark, and its record lies apart from the incidents") {
    TempDir home;
    const auto script = home.path() / "answers";
    std::ofstream(script) << "restart\nyes\nn\n!cause leak\nq\n";
    const auto ran = run_memrb({"drill", "leak", "--seed", "3", "--answers", script.string()})
                         .env("XDG_STATE_HOME", (home.path() / "state").string())
                         .run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    check_marked(ran);
    CHECK_FALSE(std::filesystem::exists(home.path() / "state/memrb/incidents"));
    CHECK_FALSE(std::filesystem::is_empty(home.path() / "state/memrb/drills"));

    const auto report = run_memrb({"report", "--drill"}).env("XDG_STATE_HOME", (home.path() / "state").string()).run();
    INFO(report.describe());
    REQUIRE(report.ending == exited(0));
    CHECK(report.out.find("**DRILL: nothing of this has happened.**") != std::string::npos);
    const auto incidents = run_memrb({"report"}).env("XDG_STATE_HOME", (home.path() / "state").string()).run();
    CHECK(incidents.ending == exited(2));
}

TEST_CASE("a drill starts no program and opens no connection, on each platform and from a record") {
    TempDir home;
    const auto script = (home.path() / "answers").string();
    write_answers(script, {"restart", "yes", "yes", "!cause leak", "x", "q"});
    std::vector<std::vector<std::string>> drills{{"leak"}, {"kube-rollout-leak"}, {"cloud-leak"}, {"--from", "demo"}};
    for (auto& words : drills) {
        words.insert(words.begin(), "drill");
        words.insert(words.end(), {"--answers", script});
        const auto seen = traced(run_memrb(words), std::chrono::minutes(2));
        if (!seen) {
            return;
        }
        INFO(words[1] << words[2] << seen->ran.describe());
        CHECK(seen->ran.ending == exited(0));
        CHECK(seen->started.empty());
        CHECK(seen->connected.empty());
    }
}

TEST_CASE("a drill's record is the same on two runs, event by event") {
    TempDir home;
    const auto script = home.path() / "answers";
    write_answers(script, {"restart", "yes", "yes", "!cause leak", "q"});
    const auto events = [&](const std::string& state) {
        const auto ran = run_memrb({"drill", "leak", "--seed", "3", "--answers", script.string()})
                             .env("XDG_STATE_HOME", (home.path() / state).string())
                             .run();
        REQUIRE(ran.ending == exited(0));
        const std::filesystem::path record =
            *std::filesystem::directory_iterator(home.path() / state / "memrb" / "drills");
        std::vector<std::string> lines;
        std::ifstream journal(record / "journal.jsonl");
        for (std::string line; std::getline(journal, line);) {
            const auto event = json::parse(line);
            lines.push_back(event.at("event").get<std::string>() + " " + event.at("at").get<std::string>() + " " +
                            event.value("step", ""));
        }
        return lines;
    };
    const auto once = events("one");
    CHECK(once.size() > 50);
    CHECK(once == events("two"));
}

TEST_CASE("hints cost points, a wrong cause costs them all, and the drill tells which it was") {
    Theatre theatre;
    auto path = good_path(theatre.score("leak", {"q"}));
    const int best = theatre.score("leak", path).at("score");
    path.insert(path.begin(), "!hint");
    const auto hinted = theatre.score("leak", path);
    CHECK(hinted.at("score") == best - 4);
    CHECK(hinted.at("hints") == 1);
    path[1] = "!cause traffic-spike";
    const auto wrong = theatre.score("leak", path);
    INFO(wrong.dump(1));
    CHECK(wrong.at("cause").at("right") == false);
    CHECK(wrong.at("cause").at("true") == "leak");
    CHECK(wrong.at("score") <= best - 4 - 25);
}

TEST_CASE("a drill that cannot be is refused before anything is shown") {
    TempDir folder;
    const auto unknown = run_memrb({"drill", "laek", "--answers", "/dev/null"}).run();
    INFO(unknown.describe());
    CHECK(unknown.ending == exited(2));
    CHECK(unknown.err.find("did you mean `leak`") != std::string::npos);
    const auto alone = run_memrb({"drill", "leak"}).run();
    CHECK(alone.ending == exited(4));
    CHECK(alone.err.find("--answers") != std::string::npos);
    const auto speed = run_memrb({"drill", "leak", "--speed", "fast"}).run();
    CHECK(speed.ending == exited(2));

    const auto file = folder.path() / "own.yaml";
    std::ofstream(file) << "drill: 1\nid: own\ntitel: x\ntarget: nobody\nservices:\n  - {name: a, limit: 512MB, "
                           "versions: [{image: a, memory: {base: 1Mi}}]}\n";
    const auto broken = run_memrb({"drill", file.string(), "--answers", "/dev/null"}).run();
    INFO(broken.describe());
    CHECK(broken.ending == exited(2));
    CHECK(broken.err.find("own.yaml:3:1: error: unknown key `titel`: did you mean `title`?") != std::string::npos);
    CHECK(broken.err.find("own.yaml:4:9: error: no service is called `nobody`") != std::string::npos);
    CHECK(broken.err.find("own.yaml:6:22: error:") != std::string::npos);
}

TEST_CASE("docs/json.md names what the score of a drill is made of") {
    Theatre theatre;
    CHECK(members_of(theatre.score("leak", good_path(theatre.score("leak", {"q"})))) ==
          documented_members("memrb/drill/v1"));
}
