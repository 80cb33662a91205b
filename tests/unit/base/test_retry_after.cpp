#include "base/retry_after.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace std::chrono_literals;
using base::retry_after;

namespace {

using Asked = std::optional<Milliseconds>;

Asked until(const char* date, const char* now = "Sun, 06 Nov 1994 08:49:37 GMT") {
    return retry_after({{"date", now}, {"retry-after", date}});
}

}  // namespace

TEST_CASE("seconds are seconds, and never more than a day") {
    CHECK(retry_after({{"retry-after", "7"}}) == Asked(7s));
    CHECK(retry_after({{"content-type", "x"}, {"retry-after", " 0 "}}) == Asked(0s));
    CHECK(retry_after({{"retry-after", "86401"}}) == Asked(24h));
    CHECK(retry_after({{"retry-after", "9223372036854775807"}}) == Asked(24h));
}

TEST_CASE("a date counts from the answer's own date, not from the clock here") {
    CHECK(until("Sun, 06 Nov 1994 08:50:07 GMT") == Asked(30s));
    CHECK(until("Mon, 07 Nov 1994 00:00:00 GMT") == Asked(15h + 10min + 23s));
    CHECK(until("Sat, 01 Jan 2000 00:00:00 GMT") == Asked(24h));
    CHECK(until("Sun, 06 Nov 1994 08:49:00 GMT") == Asked(0s));
}

TEST_CASE("what cannot be read asks for nothing") {
    CHECK(retry_after({}) == std::nullopt);
    for (const char* text :
         {"", "soon", "-1", "1.5", "7s", "99999999999999999999", "1994-11-06T08:50:07Z",
          "Sunday, 06-Nov-94 08:50:07 GMT", "Sun Nov  6 08:50:07 1994", "Sun, 06 Nov 1994 08:50:07 CET",
          "Sun, 31 Feb 1994 08:50:07 GMT", "Sun, 06 Foo 1994 08:50:07 GMT", "Sun, 06 Nov 1994 25:50:07 GMT"}) {
        INFO(text);
        CHECK(until(text) == std::nullopt);
    }
    CHECK(retry_after({{"retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"}}) == std::nullopt);
    CHECK(until("Sun, 06 Nov 1994 08:50:07 GMT", "yesterday") == std::nullopt);
}
