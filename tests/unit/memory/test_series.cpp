#include "memory/series.h"

#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace memrb;
using namespace memrb::memory;
using namespace std::chrono_literals;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double inf_value = std::numeric_limits<double>::infinity();

Timestamp at(int seconds) {
    return test::noon() + std::chrono::seconds(seconds);
}

std::vector<Point> every(int step, int from, int to, double value) {
    std::vector<Point> points;
    for (int second = from; second <= to; second += step) {
        points.push_back({at(second), value});
    }
    return points;
}

SeriesReading series_of(std::string id, std::vector<Point> points, std::string image = "shop:1") {
    return {SeriesRole::memory,
            "container_memory_working_set_bytes",
            {{"id", std::move(id)}, {"image", std::move(image)}, {"name", "backend"}},
            std::move(points),
            true};
}

Wanted memory_until(Timestamp until, std::string_view id = {}) {
    return {SeriesRole::memory, id, {}, until};
}

}  // namespace

TEST_CASE("cleaning sorts and leaves out what is no measurement, of one moment the last sample counts") {
    std::size_t unusable = 0;
    const auto points =
        clean({{at(30), 3}, {at(0), 1}, {at(15), nan_value}, {at(45), inf_value}, {at(60), -1}, {at(0), 2}}, unusable);
    REQUIRE(points.size() == 2);
    CHECK(points[0].at == at(0));
    CHECK(points[0].value == 2);
    CHECK(points[1].value == 3);
    CHECK(unusable == 4);
}

TEST_CASE("zero is a measurement, not a missing one") {
    std::size_t unusable = 0;
    CHECK(clean({{at(0), 0}}, unusable).size() == 1);
    CHECK(unusable == 0);
}

TEST_CASE("the resolution is the median distance, so a gap does not change it") {
    std::vector<Point> points = every(15, 0, 300, 1);
    points.push_back({at(4000), 1});
    CHECK(resolution(points) == 15s);
    CHECK(resolution(every(15, 0, 0, 1)) == 0s);
    CHECK(longest_distance(15s) == 90s);
    CHECK(longest_distance(60s) == 150s);
}

TEST_CASE("coverage counts a gap as one step") {
    std::vector<Point> points = every(15, 0, 300, 1);
    CHECK(coverage(points, 15s) == 1);
    points.push_back({at(600), 1});
    CHECK(coverage(points, 15s) == Approx(315.0 / 600));
}

TEST_CASE("samples after the judged moment are left out") {
    const std::vector<Reading> readings{series_of("/docker/a", every(15, 0, 60, 1))};
    CHECK(gather(readings, memory_until(at(30))).points.size() == 3);
}

TEST_CASE("of one role, raw samples beat a grid, and other roles are not mixed in") {
    SeriesReading grid = series_of("/docker/a", every(5, 0, 60, 7));
    grid.raw = false;
    SeriesReading usage = series_of("/docker/a", every(1, 0, 60, 9));
    usage.role = SeriesRole::usage;
    const Series series =
        gather({grid, series_of("/docker/a", every(15, 0, 60, 1)), usage, NoData{"x", "y"}}, memory_until(at(60)));
    CHECK(series.points.size() == 5);
    CHECK(series.step == 15s);
    CHECK(series.metric == "container_memory_working_set_bytes");
}

TEST_CASE("two scrapes of one container are one series") {
    const Series series =
        gather({series_of("/docker/a", every(30, 0, 60, 1)), series_of("/docker/a", every(30, 15, 75, 2))},
               memory_until(at(100)));
    CHECK(series.points.size() == 6);
    CHECK(series.successions.empty());
    CHECK(series.others == 0);
}

TEST_CASE("a container that follows another makes one series with a cut, the newer one wins the handover") {
    // The old container's series lingers for five minutes beside the new one's.
    const Series series =
        gather({series_of("/docker/old", every(15, 0, 900, 100)), series_of("/docker/new", every(15, 600, 1200, 50))},
               memory_until(at(1200), "new"));
    REQUIRE(series.successions.size() == 1);
    CHECK(series.successions[0].at == at(600));
    CHECK_FALSE(series.successions[0].image_changed);
    REQUIRE(series.points.size() == 81);
    CHECK(series.points[39].value == 100);
    CHECK(series.points[40].value == 50);
    CHECK(series.others == 0);
    CHECK(series.identity == "/docker/new");
}

TEST_CASE("a change of the image is seen, an unknown image is none") {
    const auto image = [](std::string before, std::string after) {
        return gather({series_of("/docker/a", every(15, 0, 600, 1), std::move(before)),
                       series_of("/docker/b", every(15, 615, 1200, 1), std::move(after))},
                      memory_until(at(1200)))
            .successions.at(0)
            .image_changed;
    };
    CHECK(image("shop:1", "shop:2"));
    CHECK_FALSE(image("shop:1", "shop:1"));
    CHECK_FALSE(image("", "shop:2"));
}

TEST_CASE("replicas are not mixed: the pinned one is judged, else the fullest") {
    const std::vector<Reading> readings{series_of("/docker/aaa", every(15, 0, 3600, 100)),
                                        series_of("/docker/bbb", every(15, 60, 3600, 300)),
                                        series_of("/docker/ccc", every(15, 120, 3600, 200))};
    const Series pinned = gather(readings, memory_until(at(3600), "aaa"));
    CHECK(pinned.identity == "/docker/aaa");
    CHECK(pinned.points.size() == 241);
    CHECK(pinned.others == 2);
    CHECK(gather(readings, memory_until(at(3600))).identity == "/docker/bbb");
}

TEST_CASE("all roles speak of the container that was judged") {
    SeriesReading limit_a = series_of("/docker/aaa", every(15, 0, 3600, 1000));
    SeriesReading limit_b = series_of("/docker/bbb", every(15, 0, 3600, 2000));
    limit_a.role = limit_b.role = SeriesRole::limit;
    const Series limits = gather({limit_b, limit_a}, {SeriesRole::limit, {}, "/docker/aaa", at(3600)});
    CHECK(limits.points.front().value == 1000);
}

TEST_CASE("thinning keeps peaks, stays within its size, and shows gaps as NaN") {
    std::vector<Point> points = every(15, 0, 21600, 100);
    points[700].value = 500;
    points.erase(points.begin() + 300, points.begin() + 400);
    const auto thinned = thin(points, 15s, 60);
    CHECK(thinned.size() <= 60);
    CHECK(thinned.size() >= 28);
    const auto gaps = std::count_if(thinned.begin(), thinned.end(), [](const Point& p) { return std::isnan(p.value); });
    CHECK(gaps == 1);
    CHECK(std::any_of(thinned.begin(), thinned.end(), [](const Point& p) { return p.value == 500; }));
    CHECK(std::is_sorted(thinned.begin(), thinned.end(), [](const Point& a, const Point& b) { return a.at < b.at; }));
}

TEST_CASE("a short series is not thinned") {
    const auto points = every(15, 0, 150, 3);
    CHECK(thin(points, 15s, 60).size() == points.size());
    CHECK(thin({}, 15s, 60).empty());
}
