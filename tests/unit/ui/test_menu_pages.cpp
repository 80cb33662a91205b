#include "ui/menu_pages.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

TEST_CASE("why shows what speaks for, what against, and what is not known") {
    check_golden("why-80", render_why(leaking(), std::nullopt, usual()));
    check_golden("why-unclear-50", render_why(unclear(), std::nullopt, narrow()));
    CHECK(render_why(leaking(), 1, plain()) ==
          "  2 Unbounded cache  low confidence\n"
          "  against: growth does not slow down\n");
    CHECK(render_why(without_data(), std::nullopt, usual()) == "No cause was judged: the runbook names none.\n");
}

TEST_CASE("the list of steps shows what was run") {
    check_golden("steps-80", render_step_list(leaking(), usual()));
    check_golden("steps-no-data-50", render_step_list(without_data(), narrow()));
    CHECK(render_step_list(DiagnosisView{}, usual()) == "No steps.\n");
}

TEST_CASE("a long output shows its ends and where the rest is") {
    StepRow step = leaking().steps[0];
    std::string text;
    for (int i = 1; i <= 100; ++i) {
        text += "line " + std::to_string(i) + "\n";
    }
    Outcome outcome = said(text);
    outcome.out.file = "outputs/usage.stats.out";
    outcome.out.in_file = text.size();
    outcome.err.head = "careful\n";
    outcome.err.total = 8;
    const std::string shown = render_output(step, outcome, "/state/k7f2", usual());
    CHECK(shown.starts_with("usage.stats  exit 0, 0.1 s\n  $ docker inspect backend\n  output (792 B):\n  │ line 1\n"));
    CHECK(shown.find("  │ line 60\n  … 20 lines left out here\n  │ line 81\n") != std::string::npos);
    CHECK(shown.find("  │ line 100\n  all of it: /state/k7f2/outputs/usage.stats.out\n") != std::string::npos);
    CHECK(shown.ends_with("  error output (8 B):\n  │ careful\n"));
}

TEST_CASE("an output that is not whole says so") {
    Outcome outcome = said("head\n");
    outcome.out.total = 3U << 20U;
    outcome.out.tail = "tail\n";
    outcome.out.dropped = (3U << 20U) - 10;
    outcome.out.file = "outputs/x.out";
    outcome.out.in_file = 1U << 20U;
    const std::string shown = render_output(leaking().steps[0], outcome, "/s", ascii());
    CHECK(shown.find("  | head\n  | \n  | [3145718 more bytes]\n  | tail\n") != std::string::npos);
    CHECK(shown.find("  the first 1 MiB: /s/outputs/x.out\n") != std::string::npos);
    CHECK(render_output(leaking().steps[0], said(""), "/s", ascii()).ends_with("  output: nothing\n"));
}
