#include "memory/causes.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::memory;
using namespace std::chrono_literals;
using Confidence = RankedCause::Confidence;
using Holds = SignEvidence::Holds;

namespace {

Trend grown_for(Milliseconds span, std::size_t restarts = 0) {
    Trend trend;
    trend.verdict = Verdict::growing;
    trend.span = span;
    trend.restarts_seen = restarts;
    return trend;
}

CauseEvidence cause(const std::string& id, std::vector<SignEvidence> signs) {
    return {id, "title of " + id, std::move(signs), {"restart"}};
}

const SignEvidence grows{3, "memory grows", Holds::yes};

}  // namespace

TEST_CASE("causes are ranked by the signs that hold, with what speaks for and against") {
    const Ranking ranking = rank(
        {cause("cache", {{2, "grows", Holds::yes}, {3, "saturates", Holds::no}}),
         cause("leak",
               {grows, {2, "heap grows", Holds::yes}, {-1, "few requests", Holds::yes}, {2, "gc", Holds::unknown}})},
        grown_for(72h));
    REQUIRE(ranking.causes.size() == 2);
    CHECK(ranking.clear);
    const RankedCause& leak = ranking.causes[0];
    CHECK(leak.id == "leak");
    CHECK(leak.title == "title of leak");
    CHECK(leak.score == 4);
    CHECK(leak.evidence == std::vector<std::string>{"memory grows", "heap grows", "against: few requests"});
    CHECK(leak.unknown == std::vector<std::string>{"gc"});
    CHECK(leak.options == std::vector<std::string>{"restart"});
    CHECK(leak.confidence == Confidence::medium);
    CHECK(ranking.causes[1].score == 2);
    CHECK(ranking.causes[1].confidence == Confidence::low);
}

TEST_CASE("one cause is named only with a lead of two") {
    const auto clear = [](int first, int second) {
        return rank({cause("a", {{first, "a", Holds::yes}}), cause("b", {{second, "b", Holds::yes}})}, grown_for(72h))
            .clear;
    };
    CHECK(clear(5, 3));
    CHECK_FALSE(clear(5, 4));
    CHECK_FALSE(clear(3, 3));
    CHECK(clear(2, -4));
    CHECK_FALSE(clear(1, 0));
}

TEST_CASE("what has no more for it than against it is not listed, so none is a fair answer") {
    const Ranking ranking = rank({cause("a", {{3, "x", Holds::yes}, {-3, "y", Holds::yes}}),
                                  cause("b", {{2, "z", Holds::no}}), cause("c", {{-2, "w", Holds::yes}})},
                                 grown_for(72h));
    CHECK(ranking.causes.empty());
    CHECK_FALSE(ranking.clear);
    CHECK(rank({}, Trend{}).causes.empty());
}

TEST_CASE("ties keep the runbook's order") {
    const Ranking ranking = rank({cause("z", {grows}), cause("a", {grows})}, grown_for(72h));
    CHECK(ranking.causes[0].id == "z");
    CHECK(ranking.causes[1].id == "a");
}

TEST_CASE("high confidence needs a score of five, a lead of two and few open questions") {
    const auto first = [](std::vector<SignEvidence> signs, int rival, const Trend& trend) {
        return rank({cause("a", std::move(signs)), cause("b", {{rival, "b", Holds::yes}})}, trend).causes[0].confidence;
    };
    const SignEvidence heap{2, "heap", Holds::yes};
    CHECK(first({grows, heap}, 3, grown_for(72h)) == Confidence::high);
    CHECK(first({grows, heap}, 4, grown_for(72h)) == Confidence::medium);
    CHECK(first({grows, {-5, "flat elsewhere", Holds::unknown}, heap}, 3, grown_for(72h)) == Confidence::medium);
    CHECK(first({grows}, 1, grown_for(72h)) == Confidence::medium);
    CHECK(first({grows}, 2, grown_for(72h)) == Confidence::low);
}

TEST_CASE("growth over less than two days may be a day's flank, unless restarts interrupt it") {
    const auto confidence = [](const Trend& trend) {
        return rank({cause("a", {grows, {2, "heap", Holds::yes}})}, trend).causes[0].confidence;
    };
    CHECK(confidence(grown_for(6h)) == Confidence::medium);
    CHECK(confidence(grown_for(47h)) == Confidence::medium);
    CHECK(confidence(grown_for(48h)) == Confidence::high);
    CHECK(confidence(grown_for(6h, 3)) == Confidence::high);
    Trend flat = grown_for(6h);
    flat.verdict = Verdict::flat;
    CHECK(confidence(flat) == Confidence::high);
}
