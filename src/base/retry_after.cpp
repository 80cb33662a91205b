#include "base/retry_after.h"

#include "base/number.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace memrb::base {

namespace {

constexpr Milliseconds longest = std::chrono::hours{24};

std::optional<std::string_view> header(const Pairs& headers, std::string_view name) {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return one.first == name; });
    return found == headers.end() ? std::nullopt : std::optional(trim(found->second));
}

// `Sun, 06 Nov 1994 08:49:37 GMT`. The name of the day is not compared: nothing follows from it.
std::optional<Timestamp> http_date(std::string_view text) {
    constexpr std::string_view shape = "Sun, 06 Nov 1994 08:49:37 GMT";
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != shape.size() || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) {
        return std::nullopt;
    }
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    if (month == months.end()) {
        return std::nullopt;
    }
    const auto at = parse_rfc3339(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month - months.begin() + 1,
                                              text.substr(5, 2), text.substr(17, 8)));
    return at ? std::optional(*at) : std::nullopt;
}

}  // namespace

std::optional<Milliseconds> retry_after(const Pairs& headers) {
    const auto asked = header(headers, "retry-after");
    if (!asked) {
        return std::nullopt;
    }
    if (const auto seconds = number<long long>(*asked); seconds && *seconds >= 0) {
        constexpr long long most = std::chrono::seconds(std::chrono::hours{24}).count();
        return std::chrono::seconds(std::min(*seconds, most));
    }
    const auto until = http_date(*asked);
    const auto said = header(headers, "date");
    const auto now = said ? http_date(*said) : std::nullopt;
    if (!until || !now) {
        return std::nullopt;
    }
    return std::clamp(std::chrono::duration_cast<Milliseconds>(*until - *now), Milliseconds{0}, longest);
}

}  // namespace memrb::base
