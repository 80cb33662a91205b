#include "memory/blocks.h"

#include "memory/statistics.h"
#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

using namespace memrb;
using namespace memrb::memory;

namespace {

std::vector<Point> ramp(std::size_t count) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < count; ++i) {
        points.push_back({test::noon() + std::chrono::seconds(36 * i), static_cast<double>(i)});
    }
    return points;
}

}  // namespace

TEST_CASE("a fifth of the samples, but 12 to 88 blocks") {
    CHECK(block_count(36) == 12);
    CHECK(block_count(100) == 20);
    CHECK(block_count(100'000) == 88);
}

TEST_CASE("a block is its p10, median, p90 and mean time") {
    const auto points = ramp(11);
    const Block block = make_block(points, test::noon(), 3);
    CHECK(block.low == Approx(1));
    CHECK(block.mid == Approx(5));
    CHECK(block.high == Approx(9));
    CHECK(block.hours == Approx(0.05));  // the sixth of samples 36 s apart
    CHECK(block.strand == 3);
}

TEST_CASE("blocks share the samples evenly and stay within their strand") {
    const auto points = ramp(300);
    const auto blocks = make_blocks(points, {{0, 100, false}, {100, 300, false}}, test::noon());
    REQUIRE(blocks.size() == 60);
    CHECK(std::count_if(blocks.begin(), blocks.end(), [](const Block& b) { return b.strand == 0; }) == 20);
    CHECK(
        std::is_sorted(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) { return a.hours < b.hours; }));
}

TEST_CASE("a strand without samples makes no block") {
    const auto points = ramp(50);
    CHECK(make_blocks(points, {{10, 10, false}}, test::noon()).empty());
    CHECK(make_blocks(points, {}, test::noon()).empty());
}

TEST_CASE("a block's low is the same where only the low is asked for", "[blocks]") {
    for (const std::size_t count : {1U, 2U, 5U, 11U, 35U, 36U, 37U, 53U, 54U, 64U, 65U, 71U, 72U, 500U}) {
        test::Noise noise(count);
        std::vector<Point> points;
        for (std::size_t i = 0; i < count; ++i) {
            points.push_back({test::noon() + std::chrono::seconds(i), std::floor(20 * noise.uniform())});
        }
        const Block whole = make_block(points, test::noon(), 3);
        const Block low = make_low_block(points, test::noon(), 3);
        CHECK(low.low == whole.low);
        CHECK(low.hours == whole.hours);
        CHECK(low.strand == 3);
    }
}

TEST_CASE("a block's three values are the quantiles of its samples, up to half as many again as are enough",
          "[blocks]") {
    for (std::size_t count = 1; count <= 35; ++count) {
        test::Noise noise(count);
        std::vector<Point> points;
        std::vector<double> values;
        for (std::size_t i = 0; i < count; ++i) {
            values.push_back(noise.normal());
            points.push_back({test::noon() + std::chrono::seconds(i), values.back()});
        }
        const Block block = make_block(points, test::noon(), 0);
        CHECK(block.low == Approx(quantile(values, 0.1)));
        CHECK(block.mid == Approx(quantile(values, 0.5)));
        CHECK(block.high == Approx(quantile(values, 0.9)));
    }
}

TEST_CASE("of more samples the block's values are those of every second or third one", "[blocks]") {
    const auto points = ramp(70);
    std::vector<double> some;
    for (std::size_t i = 1; i < points.size(); i += 3) {
        some.push_back(points[i].value);
    }
    const Block block = make_block(points, test::noon(), 0);
    CHECK(block.low == Approx(quantile(some, 0.1)));
    CHECK(block.mid == Approx(quantile(some, 0.5)));
    CHECK(block.high == Approx(quantile(some, 0.9)));
}
