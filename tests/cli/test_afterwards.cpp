// `memrb note` and `memrb afterwards`, on the record of an incident that is closed.
#include "incident_home.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::test;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a note goes behind the end of the last incident, or of the one that is named") {
    const IncidentHome home;
    const auto last = home.memrb({"note", "the leak is in the session store"}).run();
    INFO(last.describe());
    CHECK(last.ending == exited(0));
    CHECK(last.out == "Noted in incident a2b3\n");
    const auto named = home.memrb({"note", "a2b3", "# TODO: bound the session store"}).run();
    CHECK(named.ending == exited(0));
    CHECK(named.out == "Noted in incident a2b3, as a task: memrb afterwards a2b3\n");
    const auto notes = home.events("note_added");
    REQUIRE(notes.size() == 2);
    CHECK(notes[0].at("text") == "the leak is in the session store");
    CHECK(notes[1].at("seq") == notes[0].at("seq").get<int>() + 1);
}

TEST_CASE("a note without words, or of several words of the command line, is a mistake") {
    const IncidentHome home;
    for (const auto& words : {std::vector<std::string>{"note"},
                              {"note", ""},
                              {"note", "a2b3"},
                              {"note", "a2b3", " "},
                              {"note", "the", "leak", "grows"},
                              {"note", "zzzz", "text"}}) {
        const auto ran = home.memrb(words).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(2));
    }
    CHECK(home.events("note_added").empty());
}

TEST_CASE("the checklist and the notes are tasks with a state") {
    const IncidentHome home;
    REQUIRE(home.memrb({"note", "TODO bound the session store"}).run().ending == exited(0));
    const auto open = home.memrb({"afterwards"}).run();
    INFO(open.describe());
    CHECK(open.ending == exited(0));
    CHECK(has(open.out, "After incident a2b3, backend\n"));
    CHECK(has(open.out, " 1 [ ] document how the service uses memory\n"));
    CHECK(has(open.out, " 6 [ ] bound the session store  (from a note)\n"));
    CHECK(has(open.out, "0 of 6 done\n"));
    CHECK(home.events("task_set").empty());

    const auto done = home.memrb({"afterwards", "a2b3", "--done", "2", "--done", "6", "--note", "768 MiB"}).run();
    INFO(done.describe());
    CHECK(done.ending == exited(0));
    CHECK(has(done.out, " 2 [x] right-size the container's limit  done "));
    CHECK(has(done.out, ": 768 MiB\n"));
    CHECK(has(done.out, "2 of 6 done\n"));
    const auto set = home.events("task_set");
    REQUIRE(set.size() == 2);
    CHECK(set[0].at("task") == "right-size the container's limit");
    CHECK(set[0].at("done") == true);
    CHECK(set[0].at("note") == "768 MiB");

    const auto again = home.memrb({"afterwards", "--reopen", "2"}).run();
    CHECK(has(again.out, " 2 [ ] right-size the container's limit\n"));
    CHECK(has(again.out, "1 of 6 done\n"));
}

TEST_CASE("the tasks are one document with -o json, after what was set") {
    const IncidentHome home;
    REQUIRE(home.memrb({"note", "TODO bound the session store"}).run().ending == exited(0));
    const auto ran = home.memrb({"afterwards", "--done", "6", "--note", "in review", "-o", "json"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    const auto document = nlohmann::json::parse(ran.out);
    CHECK(document.at("schema") == "memrb/afterwards/v1");
    CHECK(document.at("incident") == "a2b3");
    CHECK(document.at("target") == "backend");
    REQUIRE(document.at("tasks").size() == 6);
    const auto& first = document.at("tasks")[0];
    CHECK(first.at("number") == 1);
    CHECK(first.at("from_note") == false);
    CHECK(first.at("done") == false);
    CHECK(first.at("at").is_null());
    const auto& last = document.at("tasks")[5];
    CHECK(last.at("text") == "bound the session store");
    CHECK(last.at("from_note") == true);
    CHECK(last.at("done") == true);
    CHECK(last.at("at").is_string());
    CHECK(last.at("note") == "in review");
}

TEST_CASE("a number that no task has changes nothing") {
    const IncidentHome home;
    for (const auto& words : {std::vector<std::string>{"afterwards", "--done", "0"},
                              {"afterwards", "--done", "6"},
                              {"afterwards", "--done", "1", "--reopen", "1"},
                              {"afterwards", "--note", "x"},
                              {"afterwards", "--done", "1", "--done", "99"}}) {
        const auto ran = home.memrb(words).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(2));
    }
    CHECK(home.events("task_set").empty());
}

TEST_CASE("the record is still whole and can be shown and handed over") {
    const IncidentHome home;
    REQUIRE(home.memrb({"note", "TODO bound the session store"}).run().ending == exited(0));
    REQUIRE(home.memrb({"afterwards", "--done", "6"}).run().ending == exited(0));
    const auto shown = home.memrb({"history", "a2b3"}).run();
    INFO(shown.describe());
    CHECK(shown.ending == exited(0));
    CHECK(has(shown.out, "task done  bound the session store"));
    CHECK(has(home.memrb({"escalate"}).run().out, "TODO bound the session store"));
}
