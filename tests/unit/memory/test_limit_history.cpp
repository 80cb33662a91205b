#include "memory/limit_history.h"

#include "synthetic.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace memrb;
using namespace memrb::memory;

namespace {

Series limits(std::vector<Point> points) {
    Series series;
    series.points = std::move(points);
    return series;
}

Timestamp at(int seconds) {
    return test::noon() + std::chrono::seconds(seconds);
}

}  // namespace

TEST_CASE("each moment has the limit in force at that time") {
    LimitHistory history(limits({{at(0), 100}, {at(60), 100}, {at(120), 200}, {at(180), 0}}), Bytes{999});
    CHECK(history.at(at(-60)) == Limit(Bytes{100}));
    CHECK(history.at(at(119)) == Limit(Bytes{100}));
    CHECK(history.at(at(120)) == Limit(Bytes{200}));
    CHECK(history.at(at(500)) == Limit(NoLimit{}));
    CHECK(history.changes() == std::vector<Timestamp>{at(120), at(180)});
}

TEST_CASE("without a series the limit that the engine knows holds at all times") {
    const LimitHistory history(limits({}), Bytes{512});
    CHECK(history.at(at(-99999)) == Limit(Bytes{512}));
    CHECK(history.changes().empty());
    CHECK(LimitHistory(limits({}), LimitUnknown{}).at(at(0)) == Limit(LimitUnknown{}));
}

TEST_CASE("a live reading's limit holds from then on, an unknown one changes nothing") {
    LimitHistory history(limits({{at(0), 100}, {at(60), 100}}), LimitUnknown{});
    history.set_from(at(60), LimitUnknown{});
    CHECK(history.changes().empty());
    history.set_from(at(60), Bytes{150});
    CHECK(history.at(at(59)) == Limit(Bytes{100}));
    CHECK(history.at(at(61)) == Limit(Bytes{150}));
}

TEST_CASE("zero and the kernel's huge numbers are no limit, NaN is not known") {
    CHECK(limit_from_metric(0) == Limit(NoLimit{}));
    CHECK(limit_from_metric(9223372036854771712.0) == Limit(NoLimit{}));
    CHECK(limit_from_metric(18446744073709551615.0) == Limit(NoLimit{}));
    CHECK(limit_from_metric(std::numeric_limits<double>::quiet_NaN()) == Limit(LimitUnknown{}));
    CHECK(limit_from_metric(67108864) == Limit(Bytes{67108864}));
    CHECK_FALSE(bytes_of(Limit(Bytes{0})));
}

TEST_CASE("bytes never overflow") {
    CHECK(to_bytes(1e300) == Bytes{1} << 63U);
    CHECK(to_bytes(-5) == 0);
}
