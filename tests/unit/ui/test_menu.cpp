#include "ui/menu.h"

#include "sample_views.h"
#include "ui/scripted_line_reader.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;
using Script = ScriptedLineReader;

namespace {

class FakeHost final : public MenuHost {
public:
    Result<OptionPage> choose(const std::string& option) override {
        chosen.push_back(option);
        if (option == "raise-limit") {
            return fail(Fault::no_data, "its commands cannot be known", "set `file`");
        }
        OptionPage page;
        page.id = option;
        page.title = "A title";
        page.steps = {"Restart", "  $ docker compose restart backend"};
        return page;
    }
    Result<void> note(const std::string& text) override {
        notes.push_back(text);
        if (text == "full") {
            return fail(Fault::failed, "the disk is full", "");
        }
        return {};
    }
    Result<void> watch() override {
        ++watches;
        return watchable ? Result<void>() : fail(Fault::usage, "there is nothing to watch", "memrb watch backend");
    }
    Result<DiagnosisView> again() override {
        ++runs;
        return healthy();
    }

    Result<Acted> hand_over(const std::string& contact) override {
        handed_over.push_back(contact);
        if (contact == "nobody") {
            return fail(Fault::usage, "there is no contact `nobody`", "contacts: backend_lead");
        }
        return contact == "ctrl-c" ? Acted::interrupted : Acted::nothing;
    }

    std::vector<std::string> chosen, notes, handed_over;
    int runs = 0;
    int watches = 0;
    bool watchable = true;
};

struct Played {
    MenuEnd end;
    std::string screen;
    std::string problems;
};

Played play(FakeHost& host, std::vector<Script::Turn> turns, const DiagnosisView& view = leaking()) {
    std::ostringstream out;
    StreamSink sink(out);
    Script reader(std::move(turns));
    const MenuEnd end = run_menu(view, usual(), reader, sink, host);
    CHECK(reader.discards() == 0);  // only before changes
    return {end, out.str(), reader.problems()};
}

}  // namespace

TEST_CASE("choosing an option shows its page and changes nothing") {
    FakeHost host;
    const auto played = play(host, {Script::types("Choose [1-3", "1"), Script::types("Choose", "q")});
    CHECK(played.problems.empty());
    CHECK(played.end == MenuEnd::quit);
    CHECK(host.chosen == std::vector<std::string>{"restart"});
    CHECK(played.screen.find("           $ docker compose restart backend\n") != std::string::npos);
    CHECK(played.screen.find("Target   docker · backend (3f9c1d, up 2h14m)\n") != std::string::npos);
    CHECK(played.screen.find("Nothing was changed.") != std::string::npos);
}

TEST_CASE("an option that cannot be shown says why, and the menu goes on") {
    FakeHost host;
    const auto played = play(host, {Script::types("Choose", "raise-limit"), Script::ctrl_d("Choose")});
    CHECK(played.problems.empty());
    CHECK(played.end == MenuEnd::quit);
    CHECK(played.screen == "✗ its commands cannot be known\n  set `file`\n");
}

TEST_CASE("Ctrl-C at the prompt is not an answer") {
    FakeHost host;
    const auto played = play(host, {Script::ctrl_c("Choose")});
    CHECK(played.end == MenuEnd::interrupted);
    CHECK(played.screen.empty());
    CHECK(host.chosen.empty());
}

TEST_CASE("Enter alone only asks again") {
    FakeHost host;
    const auto played =
        play(host, {Script::types("Choose", ""), Script::types("Choose", "  "), Script::types("Choose", "q")});
    CHECK(played.problems.empty());
    CHECK(played.screen.empty());
}

TEST_CASE("notes are kept as they were typed, and a note that was not kept is said") {
    FakeHost host;
    const auto played = play(host, {Script::types("Choose", "# called Ann"), Script::types("Choose", "# full"),
                                    Script::types("Choose", "q")});
    CHECK(host.notes == std::vector<std::string>{"called Ann", "full"});
    CHECK(played.screen == "Noted.\n✗ the disk is full\n");
}

TEST_CASE("after a watch the target is diagnosed anew") {
    FakeHost host;
    const auto played = play(
        host, {Script::types("Choose [1-3", "w"), Script::types("Choose [w", "watch"), Script::types("Choose", "q")});
    CHECK(played.problems.empty());
    CHECK(host.watches == 2);
    CHECK(host.runs == 2);
}

TEST_CASE("where there is nothing to watch the menu says so and stays as it is") {
    FakeHost host;
    host.watchable = false;
    const auto played = play(host, {Script::types("Choose [1-3", "w"), Script::types("Choose [1-3", "q")});
    CHECK(played.problems.empty());
    CHECK(host.runs == 0);
    CHECK(played.screen.find("there is nothing to watch") != std::string::npos);
}

TEST_CASE("a new diagnosis replaces the old one") {
    FakeHost host;
    const auto played = play(
        host, {Script::types("Choose [1-3", "again"), Script::types("Choose [w", "1"), Script::types("Choose", "q")});
    CHECK(played.problems.empty());
    CHECK(host.runs == 1);
    CHECK(host.chosen.empty());
    CHECK(played.screen == "\n" + render(healthy(), usual()) + "there is no option here\n");
}

TEST_CASE("what a step said is shown, and a step without output says so") {
    FakeHost host;
    DiagnosisView view = leaking();
    view.steps[0].outcome->out.head = "12\n\x1b[2J\n";
    view.steps[3].outcome.reset();
    const auto played = play(
        host,
        {Script::types("Choose", "out usage.stats"), Script::types("Choose", "out 4"), Script::types("Choose", "q")},
        view);
    CHECK(played.screen.find("  │ 12\n  │ \\x1b[2J\n") != std::string::npos);
    CHECK(played.screen.find("✗ oom.dmesg was not run: there is no output\n") != std::string::npos);
}

TEST_CASE("help, why, steps and what is not understood answer on the screen") {
    FakeHost host;
    const auto played =
        play(host, {Script::types("Choose", "h"), Script::types("Choose", "? 1"), Script::types("Choose", "s"),
                    Script::types("Choose", "what"), Script::types("Choose", "q")});
    CHECK(played.problems.empty());
    CHECK(played.screen.find("q, quit") != std::string::npos);
    CHECK(played.screen.find("against   a deploy was 20 min before") != std::string::npos);
    CHECK(played.screen.find("How much memory does it use now?") != std::string::npos);
    CHECK(played.screen.find("`what` is no answer here") != std::string::npos);
}

TEST_CASE("the scripted twin tells of questions that were not expected") {
    FakeHost host;
    CHECK(play(host, {Script::types("Type yes", "yes")})
              .problems.starts_with("expected a question with `Type yes`, was asked: Choose"));
    CHECK(play(host, {}).problems.starts_with("asked once more than expected: Choose"));
    CHECK(play(host, {Script::types("Choose", "q"), Script::types("Type yes", "yes")}).problems ==
          "never asked: Type yes\n");
}

TEST_CASE("x hands over, and the menu goes on") {
    FakeHost host;
    const auto played = play(host, {Script::types("Choose", "x"), Script::types("Choose", "x backend_lead"),
                                    Script::types("Choose", "x nobody"), Script::types("Choose", "q")});
    CHECK(played.end == MenuEnd::quit);
    CHECK(host.handed_over == std::vector<std::string>{"", "backend_lead", "nobody"});
    CHECK(played.screen.find("there is no contact `nobody`") != std::string::npos);
    CHECK(played.screen.find("contacts: backend_lead") != std::string::npos);
    CHECK(played.problems.empty());
}

TEST_CASE("Ctrl-C at a question of the handover leaves the menu as Ctrl-C does") {
    FakeHost host;
    CHECK(play(host, {Script::types("Choose", "x ctrl-c")}).end == MenuEnd::interrupted);
}
