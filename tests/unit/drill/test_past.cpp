#include "drill/past.h"
#include "drill/past_stage.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::drill;

namespace {

/// A record that is written event by event, a second apart.
class Script {
public:
    Script() { pin("one"); }

    Script& pin(const std::string& id) {
        Target target;
        target.name = "backend";
        target.id = id;
        return add(TargetPinned{target});
    }
    Script& step(const std::string& id, const std::string& said, Risk risk = Risk::read, Request request = Command{}) {
        add(StepStarted{id, id, "docker", risk, std::move(request), {}});
        StepFinished end;
        end.step = id;
        end.status = StepStatus::ok;
        end.outcome.ending = Exited{0};
        end.outcome.out.head = said;
        return add(end);
    }
    Script& diagnosis(const std::string& said) {
        step("level.sample", said);
        return add(Assessed{});
    }
    Script& decided(const std::string& id, const std::string& answer = "run") { return add(Decided{id, answer, ""}); }
    Script& add(EventBody body) {
        events_.push_back({events_.size() + 1, at(events_.size()), std::move(body)});
        return *this;
    }
    static Timestamp at(std::size_t index) { return Timestamp{Milliseconds(1'000'000 + 1'000 * index)}; }
    [[nodiscard]] std::size_t size() const { return events_.size(); }
    [[nodiscard]] const std::vector<Event>& events() const { return events_; }
    [[nodiscard]] Past past() const {
        return {events_, [](const Outcome& outcome) { return outcome; }};
    }

private:
    std::vector<Event> events_;
};

std::string said(Past& past, const std::string& step) {
    const auto outcome = past.outcome_of(step);
    return outcome ? outcome->out.text() : "(nothing)";
}

/// A restart with a diagnosis before and after, and then a limit that was raised by hand.
Script restarted_then_raised() {
    Script script;
    script.diagnosis("97 %")
        .add(OptionChosen{"restart"})
        .step("evidence.logs", "some lines")
        .decided("restart.container")
        .step("restart.container", "restarted", Risk::disruptive)
        .pin("two")
        .step("restart.check", "healthy")
        .diagnosis("40 %")
        .decided("raise-limit.by_hand", "by hand")
        .step("raise-limit.check", "128 MiB");
    return script;
}

}  // namespace

TEST_CASE("what was answered then is answered again, each at its place of the record") {
    const Script script = restarted_then_raised();
    Past past = script.past();
    CHECK(past.now() == Script::at(1));
    CHECK(past.target().id == "one");
    CHECK(said(past, "level.sample") == "97 %");
    CHECK(said(past, "level.sample") == "97 %");  // as often as it is asked
    CHECK(said(past, "evidence.logs") == "some lines");
    CHECK(said(past, "restart.check") == "(nothing)");  // only after the restart

    past.decide({"restart.container", "run", ""});
    CHECK(said(past, "restart.container") == "restarted");
    CHECK(past.target().id == "two");
    CHECK(said(past, "restart.check") == "healthy");
    CHECK(past.look_again());
    CHECK(said(past, "level.sample") == "40 %");
    CHECK_FALSE(past.look_again());  // nobody did, but nothing was done either
    CHECK(past.off().empty());

    past.decide({"raise-limit.by_hand", "by hand", ""});
    CHECK(said(past, "raise-limit.check") == "128 MiB");
    CHECK(past.kept() == 2);
    CHECK(past.off().empty());
    CHECK_FALSE(past.look_again());
    CHECK(past.off() == "The record holds no diagnosis after that.");
}

TEST_CASE("another deed than that of the record leads off it") {
    const Script script = restarted_then_raised();
    SECTION("another step") {
        Past past = script.past();
        past.decide({"scale-out.compose", "run", ""});
        CHECK(past.off() == "Then, restart.container was run: what scale-out.compose would have changed is not known.");
    }
    SECTION("the same in another way") {
        Past past = script.past();
        past.decide({"restart.container", "by hand", ""});
        CHECK_FALSE(past.off().empty());
        CHECK(past.kept() == 0);
    }
    SECTION("one that came later") {
        Past past = script.past();
        past.decide({"raise-limit.by_hand", "by hand", ""});
        CHECK_FALSE(past.off().empty());
    }
    SECTION("more than was done") {
        Past past = script.past();
        past.decide({"restart.container", "run", ""});
        past.decide({"raise-limit.by_hand", "by hand", ""});
        past.decide({"fix-leak.fix", "by hand", ""});
        CHECK(past.kept() == 2);
        CHECK(past.off() == "Nothing more was done then: what fix-leak.fix would have changed is not known.");
    }
    SECTION("to decline is no deed") {
        Past past = script.past();
        past.decide({"restart.container", "quit", ""});
        past.decide({"restart.container", "skip", ""});
        CHECK(past.off().empty());
        CHECK(said(past, "restart.check") == "(nothing)");
    }
}

TEST_CASE("a change whose end was never recorded ends the drill, not the program") {
    Script script;
    script.diagnosis("97 %").decided("restart.container");
    script.add(StepStarted{"restart.container", "", "docker", Risk::disruptive, Command{}, {}});
    Past past = script.past();
    past.decide({"restart.container", "run", ""});
    CHECK(said(past, "restart.container") == "(nothing)");
    CHECK(past.off() == "The record does not tell how restart.container ended.");
}

TEST_CASE("whoever saves evidence where nobody did is about to leave the record") {
    const Script script = restarted_then_raised();
    Past past = script.past();
    CHECK(said(past, "evidence.memory") == "(nothing)");  // new in the runbook
    CHECK(past.off().empty());
    past.decide({"restart.container", "run", ""});
    CHECK(said(past, "evidence.logs") == "(nothing)");
    CHECK(past.off() == "Then, raise-limit.by_hand was done by hand: what this would have changed is not known.");
}

TEST_CASE("a watch is seen again up to the next deed, by the record's time") {
    Script script;
    script.diagnosis("97 %").decided("restart.container").step("restart.container", "", Risk::disruptive);
    script.add(WatchStarted{}).add(WatchSampled{});
    const Timestamp sampled = Script::at(script.size() - 1);
    script.add(WatchEnded{}).diagnosis("40 %").decided("raise-limit.file").add(WatchStarted{});
    Past past = script.past();
    CHECK_FALSE(past.next_of_watch());
    past.decide({"restart.container", "run", ""});
    REQUIRE(past.next_of_watch());
    REQUIRE(past.next_of_watch());
    CHECK(past.now() == sampled);
    const auto last = past.next_of_watch();
    REQUIRE(last);
    CHECK(std::holds_alternative<WatchEnded>(last->body));
    CHECK_FALSE(past.next_of_watch());
    CHECK(past.look_again());  // right behind it
    CHECK(said(past, "level.sample") == "40 %");
}

TEST_CASE("an edit of a file is shown as it was before it is made") {
    Script script;
    script.diagnosis("97 %")
        .decided("raise-limit.file")
        .step("raise-limit.file", R"({"lines":[]})", Risk::disruptive, FileEdit{});
    Past past = script.past();
    PastRunner runner(past);
    class Never final : public Stop {
        [[nodiscard]] bool requested() const override { return false; }
        [[nodiscard]] int poll_fd() const override { return -1; }
    } never;
    FileEdit look;
    look.preview = true;
    CHECK(runner.run(look, RunContext{}, never).out.text() == R"({"lines":[]})");
    CHECK(past.kept() == 0);
    RunContext unknown;
    unknown.step = "nothing.of_this";
    CHECK(std::holds_alternative<NotStarted>(runner.run(HumanTask{}, unknown, never).ending));
    CHECK(std::holds_alternative<NotStarted>(runner.run(Wait{}, unknown, never).ending));
}

TEST_CASE("a record knows of no edit where nothing was done, and of none that came with a later deed") {
    Script nothing;
    nothing.diagnosis("97 %");
    CHECK_FALSE(nothing.past().next_edit());
    Script later;
    later.diagnosis("97 %").decided("restart.container").step("restart.container", "", Risk::disruptive);
    later.decided("raise-limit.file").step("raise-limit.file", "the edit", Risk::disruptive, FileEdit{});
    Past past = later.past();
    CHECK_FALSE(past.next_edit());
    past.decide({"restart.container", "run", ""});
    CHECK(said(past, "restart.container").empty());
    const auto edit = past.next_edit();
    REQUIRE(edit);
    CHECK(edit->out.text() == "the edit");
}

TEST_CASE("a record without a diagnosis begins where it begins") {
    Script script;
    script.step("restart.container", "", Risk::disruptive);
    Past past = script.past();
    CHECK(past.now() == Script::at(0));
    CHECK(past.target().id == "one");
    CHECK_FALSE(past.look_again());
    CHECK(past.off().empty());
}
