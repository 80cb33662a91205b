#include "base/text.h"
#include "memrb/units.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

namespace memrb {

namespace {

// Behind `before`, with leading zeros.
void append_digits(std::string& text, std::int64_t number, std::size_t width, char before = '\0') {
    if (before != '\0') {
        text += before;
    }
    text.append(width, '0');
    for (auto digit = text.rbegin(); number > 0; number /= 10, ++digit) {
        *digit = static_cast<char>('0' + number % 10);
    }
}

// Civil date of RFC 3339; the fields are checked, a leap second is taken as the second before.
std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
    if (text.size() < from + count) {
        return std::nullopt;
    }
    int value = 0;
    const char* begin = text.data() + from;
    const auto [stop, error] = std::from_chars(begin, begin + count, value);
    return error == std::errc{} && stop == begin + count && *begin != '-' ? std::optional(value) : std::nullopt;
}

// What four digits of a year can say.
constexpr Timestamp earliest = std::chrono::sys_days(std::chrono::year(0) / std::chrono::January / std::chrono::day(1));
constexpr Timestamp latest =
    Timestamp(std::chrono::sys_days(std::chrono::year(9999) / std::chrono::December / std::chrono::day(31))) +
    Milliseconds(86'399'999);

}  // namespace

Result<Timestamp> parse_rfc3339(std::string_view text) {
    const auto bad = [&] {
        return fail(Fault::usage, fmt::format("`{}` is no RFC 3339 time", base::printable(text)),
                    "for example 2026-11-21T08:51:07Z");
    };
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2);
    const auto minute = digits(text, 14, 2);
    auto second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' || text[16] != ':') {
        return bad();
    }
    const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) {
        return bad();
    }
    second = std::min(*second, 59);
    std::size_t at = 19;
    int milliseconds = 0;
    if (at < text.size() &&
        (text[at] == '.' || text[at] == ',')) {  // the comma is what `dmesg --time-format iso` writes
        if (!digits(text, at + 1, 1)) {
            return bad();
        }
        int weight = 100;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
            milliseconds += weight * (text[at] - '0');
            weight /= 10;
        }
    }
    std::chrono::minutes offset{};
    const std::string_view zone = text.substr(std::min(at, text.size()));
    if (zone != "Z" && zone != "z") {
        const auto hours = digits(zone, 1, 2);
        const auto minutes = digits(zone, 4, 2);
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || !hours || !minutes ||
            *hours > 23 || *minutes > 59) {
            return bad();
        }
        offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
        offset = zone[0] == '-' ? -offset : offset;
    }
    const Timestamp moment = Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
                             std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
                             Milliseconds(milliseconds) - offset;
    if (moment < earliest || moment > latest) {
        return bad();
    }
    return moment;
}

Timestamp from_unix_seconds(double seconds) {
    const double least = to_unix_seconds(earliest);
    const double most = to_unix_seconds(latest);
    const double clamped = seconds >= most ? most : seconds > least ? seconds : least;  // NaN: the earliest
    return Timestamp(Milliseconds(static_cast<std::int64_t>(std::llround(clamped * 1000.0))));
}

double to_unix_seconds(Timestamp at) {
    return static_cast<double>(at.time_since_epoch().count()) / 1000.0;
}

std::string format_rfc3339(Timestamp at) {
    at = std::clamp(at, earliest, latest);
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    std::string text;  // each event has such a time: fmt would take ten times as long
    text.reserve(24);
    append_digits(text, static_cast<int>(date.year()), 4);
    append_digits(text, static_cast<unsigned>(date.month()), 2, '-');
    append_digits(text, static_cast<unsigned>(date.day()), 2, '-');
    append_digits(text, time.hours().count(), 2, 'T');
    append_digits(text, time.minutes().count(), 2, ':');
    append_digits(text, time.seconds().count(), 2, ':');
    if (const auto milliseconds = time.subseconds().count(); milliseconds != 0) {
        append_digits(text, milliseconds, 3, '.');
    }
    return text += 'Z';
}

}  // namespace memrb
