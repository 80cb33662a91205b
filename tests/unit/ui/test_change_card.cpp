#include "ui/change_card.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;

namespace {

constexpr Bytes mebibyte = Bytes{1} << 20U;

RemedyView measured(Bytes before, Bytes after) {
    RemedyView view;
    view.option = "collect-garbage";
    view.end = "applied";
    view.before = before;
    view.after = after;
    return view;
}

std::string shown(const RemedyView& view) {
    return render(view, Style{.utf8 = true});
}

}  // namespace

TEST_CASE("a change that frees next to nothing is no help") {
    CHECK(helped(measured(100 * mebibyte, 40 * mebibyte)) == true);
    CHECK(helped(measured(100 * mebibyte, 99 * mebibyte)) == true);
    CHECK(helped(measured(100 * mebibyte, 99 * mebibyte + 1)) == false);
    CHECK(helped(measured(1000 * mebibyte, 995 * mebibyte)) == false);
    CHECK(helped(measured(100 * mebibyte, 100 * mebibyte)) == false);
    CHECK(helped(measured(100 * mebibyte, 101 * mebibyte)) == false);
    CHECK(shown(measured(100 * mebibyte, 40 * mebibyte)).find("no help") == std::string::npos);
    CHECK(shown(measured(100 * mebibyte, 100 * mebibyte))
              .find("memory did not fall: 100 MiB before and now: no help so far") != std::string::npos);
}

TEST_CASE("what was not measured, or aims at the limit, is not judged") {
    RemedyView raised = measured(100 * mebibyte, 120 * mebibyte);
    raised.limit_changed = true;
    CHECK(helped(raised) == std::nullopt);
    CHECK(shown(raised).find("no help") == std::string::npos);
    RemedyView blind = measured(100 * mebibyte, 0);
    blind.after.reset();
    CHECK(helped(blind) == std::nullopt);
}

TEST_CASE("what a step warned of stands below it") {
    RemedyView view;
    view.option = "raise-limit";
    view.end = "applied";
    view.steps = {{"raise-limit.memory", StepStatus::ok, "deployed", {"it gets 0 % of the traffic"}}};
    CHECK(shown(view).find("raise-limit.memory  deployed\n    ! it gets 0 % of the traffic\n") != std::string::npos);
    CHECK(render(view, Style{.plain = true}).find("step raise-limit.memory: warning: it gets 0 % of the traffic\n") !=
          std::string::npos);
}

TEST_CASE("a task is shown below the answer that a person has to read, of which the beginning is shown") {
    TaskCard card{2, 3, "fix-leak.find", "Find", "Compare them."};
    CHECK(render(card, Style{.utf8 = true}).find("says") == std::string::npos);
    card.shown_step = "fix-leak.snapshot";
    card.shown = "app.py:47\x1b[31m\n";
    for (int i = 0; i < 25; ++i) {
        card.shown += "line " + std::to_string(i) + "\n";
    }
    const std::string text = render(card, Style{.utf8 = true});
    CHECK(text.find("fix-leak.snapshot says:\n  app.py:47\\x1b[31m\n") == 0);
    CHECK(text.find("\n  line 18\n  and 6 more lines, in the record\n") != std::string::npos);
    CHECK(text.find("Compare them.") > text.find("more lines"));
}
