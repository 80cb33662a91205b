#include "ui/line_operator.h"

#include "ui/scripted_line_reader.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace memrb;
using namespace memrb::ui;
using Turns = std::vector<ScriptedLineReader::Turn>;

namespace {

ChangeCard card(Consent consent = Consent::ask) {
    return {1,
            2,
            "restart.container",
            "Restart the container",
            {},
            Risk::disruptive,
            {"$ docker restart 3f9c1d"},
            "10 s of downtime",
            {},
            {"last 500 log lines"},
            consent};
}

struct Asked {
    Decision decision;
    std::string shown;
    std::size_t discards = 0;
};

Asked ask(Turns turns, const ChangeCard& shown_card = card()) {
    ScriptedLineReader reader(std::move(turns));
    std::ostringstream shown;
    StreamSink screen(shown);
    const Style style{.utf8 = true};
    LineOperator person("docker · backend", "backend", style, &reader, screen, {});
    Asked asked{person.decide(shown_card), {}, reader.discards()};
    asked.shown = shown.str();
    asked.discards = reader.discards();
    CHECK(reader.problems().empty());
    return asked;
}

ScriptedLineReader::Turn types(std::string text) {
    return ScriptedLineReader::types("Type yes to run", std::move(text));
}

}  // namespace

TEST_CASE("only the whole word runs a change") {
    const Asked asked =
        ask({types(""), types("y"), types("Y"), types("yes please"), types("1"), types("run"), types("yes")});
    CHECK(asked.decision.answer == Reply::run);
    CHECK(asked.shown.find("Type the whole word: yes") != std::string::npos);
    CHECK(asked.shown.find("Not understood; nothing was run.") != std::string::npos);
    CHECK(asked.discards == 7);  // before each answer
}

TEST_CASE("what cannot be undone wants the target's name") {
    const auto name = [](std::string text) {
        return ScriptedLineReader::types("Type backend to run it", std::move(text));
    };
    CHECK(ask({name("yes"), name("Backend"), name("backend")}, card(Consent::ask_for_name)).decision.answer ==
          Reply::run);
}

TEST_CASE("leaving is never agreeing") {
    CHECK(ask({types("q")}).decision.answer == Reply::quit);
    CHECK(ask({ScriptedLineReader::ctrl_d("Type yes")}).decision.answer == Reply::quit);
    CHECK(ask({ScriptedLineReader::ctrl_c("Type yes")}).decision.answer == Reply::interrupted);
    const Asked skipped = ask({types("n"), ScriptedLineReader::types("Why not?", "high traffic")});
    CHECK(skipped.decision.answer == Reply::skip);
    CHECK(skipped.decision.why == "high traffic");
    const Asked by_hand = ask({types("m"), ScriptedLineReader::types("What was done?", "systemctl")});
    CHECK(by_hand.decision.answer == Reply::by_hand);
    CHECK(by_hand.decision.why == "systemctl");
}

TEST_CASE("the card shows the exact command, its costs and what was saved") {
    const std::string shown = ask({types("q")}).shown;
    for (const char* part : {"$ docker restart 3f9c1d", "10 s of downtime", "last 500 log lines", "disruptive",
                             "docker · backend", "Step 1/2"}) {
        INFO(part);
        CHECK(shown.find(part) != std::string::npos);
    }
}

TEST_CASE("a consent by flag is shown and not asked") {
    const Asked asked = ask({}, card(Consent::given));
    CHECK(asked.decision.answer == Reply::run);
    CHECK(asked.decision.why == "agreed by flag");
    CHECK(asked.shown.find("$ docker restart 3f9c1d") != std::string::npos);
}

TEST_CASE("a task is done, skipped or left") {
    ScriptedLineReader reader({ScriptedLineReader::types("Done?", ""), ScriptedLineReader::types("Done?", "y"),
                               ScriptedLineReader::types("Done?", "done")});
    std::ostringstream shown;
    StreamSink screen(shown);
    const Style style{.utf8 = true};
    LineOperator person("docker · backend", "backend", style, &reader, screen, {});
    CHECK(person.task({1, 1, "fix.call", "Call", "Call the **owner**."}).answer == Reply::by_hand);
    CHECK(shown.str().find("Call the owner.") != std::string::npos);
    CHECK(reader.problems().empty());
}

namespace {

struct Escalated {
    Decision decision;
    int times = 0;
    std::size_t discards = 0;
    std::string problems;
};

Escalated ask_with_help(Turns turns, bool goes_on) {
    ScriptedLineReader reader(std::move(turns));
    std::ostringstream shown;
    StreamSink screen(shown);
    const Style style{.utf8 = true};
    Escalated asked;
    LineOperator person("docker · backend", "backend", style, &reader, screen, {{}, {}, {}, [&] {
                                                                                    ++asked.times;
                                                                                    return goes_on;
                                                                                }});
    asked.decision = person.decide(card());
    asked.discards = reader.discards();
    asked.problems = reader.problems();
    return asked;
}

}  // namespace

TEST_CASE("x at a change hands over, decides nothing, and what was typed ahead is thrown away again") {
    const auto question = [](std::string text) {
        return ScriptedLineReader::types("Type yes to run [yes, n skip, m done by hand, x escalate, q quit, ?]: ",
                                         std::move(text));
    };
    const auto asked = ask_with_help({question("x"), question("escalate"), question("yes")}, true);
    CHECK(asked.times == 2);
    CHECK(asked.decision.answer == Reply::run);
    CHECK(asked.discards == 3);
    CHECK(asked.problems.empty());
    CHECK(ask_with_help({question("x")}, false).decision.answer == Reply::interrupted);
}

TEST_CASE("where nobody can be called x is no answer") {
    const Asked asked = ask({types("x"), types("q")});
    CHECK(asked.decision.answer == Reply::quit);
    CHECK(asked.shown.find("Not understood; nothing was run.") != std::string::npos);
}

TEST_CASE("e has the arguments edited, and only other arguments are an answer") {
    const auto asked_with = [](std::string edited, Turns turns) {
        ScriptedLineReader reader(std::move(turns));
        std::ostringstream shown;
        StreamSink screen(shown);
        const Style style{.utf8 = true};
        LineOperator::Around around;
        around.edit = [&](const std::string& text) -> Result<std::string> {
            CHECK(text == "restart 'a b'");
            return edited;
        };
        LineOperator person("docker · backend", "backend", style, &reader, screen, around);
        ChangeCard shown_card = card();
        shown_card.editable = {"restart", "a b"};
        Asked asked{person.decide(shown_card), shown.str(), 0};
        CHECK(reader.problems().empty());
        return asked;
    };
    const auto edited = asked_with("# words of memrb\nrestart --time 3 'a b'\n", {types("e")});
    CHECK(edited.decision.answer == Reply::edit);
    CHECK(edited.decision.words == std::vector<std::string>{"restart", "--time", "3", "a b"});
    CHECK(edited.shown.find("- restart 'a b'\n+ restart --time 3 'a b'\n") != std::string::npos);
    for (const char* text :
         {"", "# only this\n", "restart 'a b'\n", "restart\nstop\n", "restart 'a b\n", "restart; stop"}) {
        INFO(text);
        const auto kept = asked_with(text, {types("edit"), types("q")});
        CHECK(kept.decision.answer == Reply::quit);
        CHECK(kept.shown.find("othing was changed") != std::string::npos);
    }
}

TEST_CASE("a step without arguments cannot be edited, and edited ones that were refused are told") {
    const Asked asked = ask({types("e"), types("q")});
    CHECK(asked.decision.answer == Reply::quit);
    CHECK(asked.shown.find("Not understood; nothing was run.") != std::string::npos);
    ChangeCard refused = card();
    refused.problem = "`--context` addresses another engine";
    CHECK(ask({types("q")}, refused)
              .shown.find("Not taken: `--context` addresses another engine. The step is what it was.") !=
          std::string::npos);
}
