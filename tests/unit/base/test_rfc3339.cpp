#include "memrb/units.h"

#include <catch2/catch.hpp>
#include <limits>
#include <string>

using namespace memrb;

namespace {

std::string time(std::string_view text) {
    const auto at = parse_rfc3339(text);
    return at ? format_rfc3339(*at) : at.error().message;
}

}  // namespace

TEST_CASE("RFC 3339 times", "[units]") {
    CHECK(time("2026-11-21T08:51:07Z") == "2026-11-21T08:51:07Z");
    CHECK(time("2026-11-21t08:51:07z") == "2026-11-21T08:51:07Z");
    CHECK(time("2026-11-21 08:51:07+00:00") == "2026-11-21T08:51:07Z");
    CHECK(time("2026-11-21T10:51:07.123456789+02:00") == "2026-11-21T08:51:07.123Z");
    CHECK(time("2026-11-21T08:51:07,5-00:30") == "2026-11-21T09:21:07.500Z");
    CHECK(time("2026-12-31T23:59:60Z") == "2026-12-31T23:59:59Z");
    CHECK(time("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00Z");
    CHECK(time("1969-12-31T23:59:59.999Z") == "1969-12-31T23:59:59.999Z");
    CHECK(time("0001-01-01T00:00:00Z") == "0001-01-01T00:00:00Z");  // Docker's "never"
    CHECK(time("9999-12-31T23:59:59.999Z") == "9999-12-31T23:59:59.999Z");
    CHECK(parse_rfc3339("1970-01-01T00:00:01.5Z")->time_since_epoch() == Milliseconds(1'500));
    for (const auto* text : {"",
                             "2026-11-21",
                             "2026-11-21T08:51Z",
                             "2026-11-21T08:51:07",
                             "2026-13-01T00:00:00Z",
                             "2026-02-29T00:00:00Z",
                             "2026-11-21T24:00:00Z",
                             "2026-11-21T08:60:00Z",
                             "2026-11-21T08:51:61Z",
                             "2026-11-21T08:51:07.Z",
                             "2026-11-21T08:51:07+0100",
                             "2026-11-21T08:51:07+24:00",
                             "2026-11-21T08:51:07+01:60",
                             "2026-11-21T08:51:07Zx",
                             "-026-11-21T08:51:07Z",
                             "2026-1--21T08:51:07Z",
                             "2026-11-21T08:51:07+1:00",
                             "0000-01-01T00:00:00+00:01",
                             "9999-12-31T23:59:59-00:01",
                             "20261121T085107Z"}) {
        INFO(text);
        CHECK(time(text) == "`" + std::string(text) + "` is no RFC 3339 time");
    }
}

TEST_CASE("seconds since the epoch", "[units]") {
    CHECK(format_rfc3339(from_unix_seconds(1'795'337'000.1236)) == "2026-11-22T08:43:20.124Z");
    CHECK(from_unix_seconds(-0.5).time_since_epoch() == Milliseconds(-500));
    CHECK(to_unix_seconds(Timestamp(Milliseconds(1'500))) == 1.5);
    CHECK(format_rfc3339(from_unix_seconds(1e300)) == "9999-12-31T23:59:59.999Z");
    CHECK(format_rfc3339(from_unix_seconds(std::numeric_limits<double>::infinity())) == "9999-12-31T23:59:59.999Z");
    CHECK(format_rfc3339(from_unix_seconds(-1e300)) == "0000-01-01T00:00:00Z");
    CHECK(format_rfc3339(from_unix_seconds(std::numeric_limits<double>::quiet_NaN())) == "0000-01-01T00:00:00Z");
}

TEST_CASE("a time that four digits of a year cannot say is shown as the nearest one that they can", "[units]") {
    CHECK(format_rfc3339(Timestamp::max()) == "9999-12-31T23:59:59.999Z");
    CHECK(format_rfc3339(Timestamp::min()) == "0000-01-01T00:00:00Z");
}
