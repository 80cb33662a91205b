#include "runbook/circles.h"

#include <catch2/catch.hpp>

using memrb::runbook::find_circles;
using Circles = std::vector<std::vector<std::size_t>>;

TEST_CASE("circles are found, each node in one of them at most") {
    CHECK(find_circles({}) == Circles{});
    CHECK(find_circles({{}, {0}, {0, 1}}) == Circles{});
    CHECK(find_circles({{0}}) == Circles{{0}});
    CHECK(find_circles({{1}, {2}, {0}}) == Circles{{0, 1, 2}});
    CHECK(find_circles({{1}, {2}, {1}}) == Circles{{1, 2}});
    CHECK(find_circles({{1}, {0}, {3}, {2}}) == Circles{{0, 1}, {2, 3}});
    CHECK(find_circles({{1, 2}, {0}, {0}}) == Circles{{0, 1}});
}

TEST_CASE("a chain as long as a file allows costs no stack") {
    constexpr std::size_t length = 100'000;
    Circles edges(length);
    for (std::size_t i = 0; i + 1 < length; ++i) {
        edges[i] = {i + 1};
    }
    CHECK(find_circles(edges).empty());
    edges.back() = {0};
    REQUIRE(find_circles(edges).size() == 1);
    CHECK(find_circles(edges)[0].size() == length);
}
