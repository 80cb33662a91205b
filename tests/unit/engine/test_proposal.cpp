#include "engine/proposal.h"

#include <catch2/catch.hpp>

using namespace memrb;
using engine::Variables;
using engine::with_proposed_limit;

namespace {

constexpr Bytes mebibyte = Bytes{1} << 20U;

struct Case {
    Runbook runbook;
    Target target;
    Assessment assessment;

    Case() {
        runbook.vars.emplace_back();
        runbook.vars.back().name = "memory_limit";
        target.limit = 256 * mebibyte;
        assessment.right_size = RightSize{};
        assessment.right_size->limit = 512 * mebibyte;
    }
    [[nodiscard]] Variables with(Variables vars = {}) const {
        return with_proposed_limit(std::move(vars), runbook, target, assessment);
    }
};

}  // namespace

TEST_CASE("a limit that nobody has given is the one that is recommended, in the platform's word") {
    Case known;
    CHECK(known.with() == Variables{{"memory_limit", "512m"}});
    known.assessment.right_size->limit += 1;
    CHECK(known.with() == Variables{{"memory_limit", "513m"}});
    known.target.kube.emplace();
    CHECK(known.with() == Variables{{"memory_limit", "513Mi"}});
    known.target.limit = NoLimit{};
    CHECK(known.with() == Variables{{"memory_limit", "513Mi"}});
}

TEST_CASE("nothing is proposed over what was given, without a variable for it, or if it were no raise") {
    const Case known;
    CHECK(known.with({{"memory_limit", "2g"}}) == Variables{{"memory_limit", "2g"}});
    Case other = known;
    other.runbook.vars.clear();
    CHECK(other.with().empty());
    Case none = known;
    none.assessment.right_size.reset();
    CHECK(none.with().empty());
    Case lower = known;
    lower.target.limit = 512 * mebibyte;
    CHECK(lower.with().empty());
}
