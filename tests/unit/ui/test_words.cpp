#include "ui/words.h"

#include "sample_views.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

TEST_CASE("times name the day only if it is another one") {
    CHECK(clock_time(at("2026-11-21T08:51:07Z"), at(now_text)) == "08:51Z");
    CHECK(clock_time(at("2026-11-20T23:59:59Z"), at(now_text)) == "2026-11-20 23:59Z");
    CHECK(exact_time(at("2026-11-21T08:51:07.250Z"), at(now_text)) == "08:51:07Z");
}

TEST_CASE("a part and its whole share the unit if they can") {
    CHECK(part_of(498 * mib, 512 * mib) == "498 of 512 MiB");
    CHECK(part_of(900 << 10U, 64 * mib) == "900 KiB of 64 MiB");
    CHECK(part_of(0, 64 * mib) == "0 B of 64 MiB");
}

TEST_CASE("the interval of a rate is in the rate's unit") {
    const double m = static_cast<double>(mib);
    CHECK(rate_interval(86 * m, {79 * m, 94 * m}) == "79..94");
    CHECK(rate_interval(1.2 * 1024 * m, {0.9 * 1024 * m, 12 * 1024 * m}) == "0.9..12");
    CHECK(rate_interval(3 * m, {-0.4 * m, 6 * m}) == "-0.4..6.0");
    CHECK(rate_interval(0, {0, 0}) == "0..0");
}

TEST_CASE("time to the limit is an interval, or says that it has no end") {
    CHECK(time_to_limit({7 * 60.0, 9 * 60.0, 12 * 60.0}) == "7..12 min");
    CHECK(time_to_limit({45 * 60.0, 3600, 70 * 60.0}) == "45 min..1h10m");
    CHECK(time_to_limit({20, 200, 720}) == "less than 12 min");
    CHECK(time_to_limit({420, 900, std::numeric_limits<double>::infinity()}) == "7 min at the earliest");
    CHECK(time_to_limit({600, 600, 600}) == "10 min");
    CHECK(time_to_limit({-5, 0, 30}) == "less than 30 s");
}

TEST_CASE("thresholds keep the digits that they have") {
    CHECK(threshold_percent(0.7) == "70 %");
    CHECK(threshold_percent(0.29) == "29 %");
    CHECK(threshold_percent(0.995) == "99.5 %");
    CHECK(threshold_percent(1.0) == "100 %");
}

TEST_CASE("counts agree with their noun") {
    CHECK(counted(1, "kill", "kills") == "1 kill");
    CHECK(counted(0, "kill", "kills") == "0 kills");
}

TEST_CASE("a service on Cloud Run is told with project, region and revision, nothing of it cut") {
    Target target;
    target.name = "aiprod-api";
    target.platform = Platform::cloud_run;
    target.id = "aiprod-api-00003-0f3";
    target.cloud_run = CloudRunRef{"aiprod-484120", "europe-west1", "aiprod-api", "aiprod-api-00003-0f3", 3, 1};
    const std::string told = target_identity(target, at(now_text), Style{});
    for (const auto* part : {"aiprod-484120", "europe-west1", "aiprod-api-00003-0f3"}) {
        CAPTURE(part, told);
        CHECK(told.find(part) != std::string::npos);
    }
}
