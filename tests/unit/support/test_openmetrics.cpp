#include "support/prometheus_lab.h"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace memrb::test;
using namespace std::chrono_literals;

TEST_CASE("series are written as OpenMetrics text, those of one metric together") {
    const memrb::Timestamp from{1795132800s};
    const auto text =
        openmetrics({series("b", {{"name", "x\"y\\z"}}, from, from + 1500ms, 1500ms, [](double s) { return 1e8 + s; }),
                     series("a", {}, from, from, 1s, [](double) { return std::nan(""); }),
                     series("b", {}, from, from, 1s, [](double) { return -std::numeric_limits<double>::infinity(); })});
    CHECK(text ==
          "# TYPE a unknown\n"
          "a{} NaN 1795132800.000\n"
          "# TYPE b unknown\n"
          "b{name=\"x\\\"y\\\\z\"} 100000000 1795132800.000\n"
          "b{name=\"x\\\"y\\\\z\"} 100000001.5 1795132801.500\n"
          "b{} -Inf 1795132800.000\n"
          "# EOF\n");
}

TEST_CASE("labels are those of cAdvisor") {
    const auto labels = cadvisor_labels("backend", "3f9c");
    CHECK(labels.at("id") == "/docker/3f9c");
    CHECK(labels.at("name") == "backend");
}
