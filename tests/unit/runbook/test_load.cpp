#include "fake_actions.h"
#include "runbook/load.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::runbook;

TEST_CASE("the least runbook compiles") {
    const auto loaded =
        load_runbook("memrb: 1\nid: least\ntitle: Least\ndiagnose:\n  - {id: a, steps: [{id: b, tool: ls}]}\n",
                     "least.yaml", fake_actions());
    REQUIRE(loaded);
    CHECK(loaded->warnings.empty());
    CHECK(loaded->runbook.id == "least");
    CHECK(loaded->runbook.origin == "least.yaml");
    CHECK(loaded->runbook.digest.size() == 64);
    REQUIRE(loaded->runbook.diagnose.size() == 1);
    CHECK(loaded->runbook.diagnose[0].steps[0].id == "a.b");
}
