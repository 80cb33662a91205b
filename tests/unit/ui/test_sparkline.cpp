#include "ui/sparkline.h"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

using namespace memrb;
using namespace memrb::ui;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// One sample each minute.
std::vector<Point> minutes(const std::vector<double>& values) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < values.size(); ++i) {
        points.push_back({from_unix_seconds(60.0 * static_cast<double>(i)), values[i]});
    }
    return points;
}

}  // namespace

TEST_CASE("bars are relative to the limit") {
    const auto points = minutes({0, 10, 30, 45, 60, 75, 90, 100});
    CHECK(sparkline(points, 8, {100.0, false}, true).text == "▂▂▄▅▆▇██");
    CHECK(sparkline(points, 8, {100.0, false}, false).text == "__-+=*##");
    CHECK(sparkline(points, 8, {1000.0, false}, true).text == "▂▂▂▂▂▂▂▂");
    CHECK(sparkline(points, 8, {50.0, false}, true).text == "▂▃▆█████");
}

TEST_CASE("without a limit the highest value is the top, the bottom is zero unless asked otherwise") {
    const auto points = minutes({80, 90, 100});
    CHECK(sparkline(points, 3, {}, true).text == "▇██");
    CHECK(sparkline(points, 3, {std::nullopt, true}, true).text == "▂▅█");
    CHECK(sparkline(minutes({5, 5, 5}), 3, {std::nullopt, true}, true).text == "███");
}

TEST_CASE("a gap is seen, and is never a zero") {
    const auto points = minutes({100, 100, not_a_number, not_a_number, 100, 100});
    const Spark utf8 = sparkline(points, 6, {100.0, false}, true);
    CHECK(utf8.text == "██··██");
    CHECK(utf8.gaps);
    CHECK(sparkline(points, 6, {100.0, false}, false).text == "##??##");
    const double infinite = std::numeric_limits<double>::infinity();
    CHECK(sparkline(minutes({50, infinite, 50}), 3, {100.0, false}, true).text == "▅·▅");
}

TEST_CASE("missing samples are a gap even if nobody delivered a NaN") {
    auto points = minutes({100, 100, 100, 100, 100, 100, 100, 100, 100, 100});
    points.erase(points.begin() + 3, points.begin() + 7);
    CHECK(sparkline(points, 6, {100.0, false}, true).text == "██··██");
}

TEST_CASE("a cell shows the highest of its samples") {
    std::vector<double> values(100, 10.0);
    values[55] = 100.0;
    CHECK(sparkline(minutes(values), 10, {100.0, false}, true).text == "▂▂▂▂▂█▂▂▂▂");
}

TEST_CASE("sparse samples make no gaps of their own") {
    std::vector<Point> points;
    for (const double second : {0.0, 50.0, 120.0, 170.0, 240.0, 300.0}) {
        points.push_back({from_unix_seconds(second), 70});
    }
    const Spark spark = sparkline(points, 20, {100.0, false}, true);
    CHECK(spark.text == "▆▆▆▆▆▆");
    CHECK_FALSE(spark.gaps);
}

TEST_CASE("nothing to draw is an empty picture") {
    CHECK(sparkline({}, 10, {}, true).text.empty());
    CHECK_FALSE(sparkline({}, 10, {}, true).highest);
    CHECK(sparkline(minutes({not_a_number, not_a_number}), 10, {}, true).text.empty());
    CHECK(sparkline(minutes({1, 2}), 0, {}, true).text.empty());
    const Spark one = sparkline(minutes({42}), 10, {100.0, false}, true);
    CHECK(one.text == "▄");
    CHECK(one.lowest == 42.0);
    CHECK(one.highest == 42.0);
}
