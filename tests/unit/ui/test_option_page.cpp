#include "ui/option_page.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

namespace {

OptionPage restart() {
    OptionPage page;
    page.id = "restart";
    page.title = "Restart the container";
    page.suggested = true;
    page.why = "for Memory leak: a leak, and relief is needed now";
    page.use_when = "a leak, and relief is needed now";
    page.costs = "in-memory state; about 10 s of downtime";
    page.risk = Risk::disruptive;
    page.steps = {
        "Restart it",
        "  $ docker compose --project-directory /srv/shop -f /srv/shop/compose.yml restart --timeout 10 backend"};
    page.verify = {"Is it healthy?", "  GET http://localhost:8000/health"};
    page.advice = "A restart gives relief, **not** a fix.";
    return page;
}

}  // namespace

TEST_CASE("an option's page has everything that is wanted before choosing") {
    check_golden("option-80", render(restart(), "docker · backend (3f9c1d)", usual()));
    check_golden("option-50", render(restart(), "docker backend (3f9c1d)", narrow()));
    check_golden("option-plain", render(restart(), "docker backend (3f9c1d)", plain()));
}

TEST_CASE("what a runbook does not say is not invented") {
    OptionPage page;
    page.id = "fix-leak";
    page.title = "Fix the leak";
    CHECK(render(page, "docker · backend", usual()) ==
          "Option   fix-leak   Fix the leak\n"
          "Target   docker · backend\n"
          "Changes  disruptive\n"
          "Costs    the runbook does not say\n"
          "Steps    none\n"
          "Checks   none\n"
          "Undo     none\n"
          "\n"
          "Nothing was changed. `again` measures and diagnoses anew.\n");
}
