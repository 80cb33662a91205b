#include "memrb/units.h"

#include "base/text.h"

#include <fmt/core.h>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace memrb {

namespace {

using base::printable;

// 128 bits: 30 digits times the largest multiplier can be checked for overflow.
__extension__ using Wide = unsigned __int128;

// A decimal number kept exact: digits / 10^scale. Doubles would turn 0.1Gi into a byte more or less.
struct Decimal {
    Wide digits = 0;
    int scale = 0;
    std::size_t length = 0;  // characters read
};

constexpr int most_digits = 30;  // fits 128 bits with room for a multiplier to be checked

std::optional<Decimal> read_decimal(std::string_view text) {
    Decimal number;
    int digits = 0;
    bool point = false;
    for (; number.length < text.size(); ++number.length) {
        const char c = text[number.length];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            if (++digits > most_digits) {
                return std::nullopt;
            }
            number.digits = number.digits * 10 + static_cast<unsigned>(c - '0');
            number.scale += point ? 1 : 0;
        } else {
            break;
        }
    }
    return digits == 0 ? std::nullopt : std::optional(number);
}

std::optional<Wide> checked_multiply(Wide a, Wide b) {
    Wide product = 0;
    return __builtin_mul_overflow(a, b, &product) ? std::nullopt : std::optional(product);
}

// number * multiplier / 10^divide, rounded up; nothing if it does not fit 64 bits.
std::optional<Bytes> scaled(const Decimal& number, Wide multiplier, int divide) {
    auto value = checked_multiply(number.digits, multiplier);
    if (!value) {
        return std::nullopt;
    }
    Wide whole = *value;
    bool rest = false;
    for (int i = 0; i < number.scale + divide; ++i) {
        rest = rest || whole % 10 != 0;
        whole /= 10;
    }
    whole += rest ? 1 : 0;
    if (whole > std::numeric_limits<Bytes>::max()) {
        return std::nullopt;
    }
    return static_cast<Bytes>(whole);
}

Wide power(unsigned base, int exponent) {
    Wide value = 1;
    for (int i = 0; i < exponent; ++i) {
        value *= base;
    }
    return value;
}

constexpr std::string_view quantity_hint =
    "a number with Ki, Mi, Gi, Ti, Pi, Ei (binary), k, M, G, T, P, E (decimal) or nothing";

tl::unexpected<Error> not_a_quantity(std::string_view text, std::string_view why = {}) {
    return fail(Fault::usage, fmt::format("`{}` is no memory quantity{}", printable(text), why),
                std::string(quantity_hint));
}

Result<Bytes> quantity_with_exponent(std::string_view whole, const Decimal& number, std::string_view exponent) {
    int value = 0;
    const bool plus = exponent.starts_with('+');
    const std::string_view digits = exponent.substr(plus ? 1 : 0);
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    constexpr int most = 18;  // 10^19 no longer fits 64 bits
    if (error != std::errc{} || stop != end || (plus && digits.starts_with('-')) || value < -most || value > most) {
        return not_a_quantity(whole);
    }
    const auto bytes = value >= 0 ? scaled(number, power(10, value), 0) : scaled(number, 1, -value);
    return bytes ? Result<Bytes>(*bytes) : not_a_quantity(whole, ": it does not fit 64 bits");
}

struct Suffix {
    std::string_view text;
    unsigned base;
    int exponent;  // negative: divides
};

constexpr std::array<Suffix, 16> quantity_suffixes{{{"", 10, 0},
                                                    {"n", 10, -9},
                                                    {"u", 10, -6},
                                                    {"m", 10, -3},
                                                    {"k", 10, 3},
                                                    {"M", 10, 6},
                                                    {"G", 10, 9},
                                                    {"T", 10, 12},
                                                    {"P", 10, 15},
                                                    {"E", 10, 18},
                                                    {"Ki", 2, 10},
                                                    {"Mi", 2, 20},
                                                    {"Gi", 2, 30},
                                                    {"Ti", 2, 40},
                                                    {"Pi", 2, 50},
                                                    {"Ei", 2, 60}}};

// `docker stats` prints network and block columns with these; Docker and Compose read them as binary, which nobody who
// writes a capital B means. Everything else is binary.
constexpr std::array<Suffix, 5> docker_decimal_suffixes{
    {{"kB", 10, 3}, {"MB", 10, 6}, {"GB", 10, 9}, {"TB", 10, 12}, {"PB", 10, 15}}};

// Docker's own rule for the rest: one of k m g t p in either case, then an `i` and a `b` that change nothing.
// Source: go-units RAMInBytes.
std::optional<Suffix> docker_suffix(std::string_view text) {
    for (const auto& decimal : docker_decimal_suffixes) {
        if (decimal.text == text) {
            return decimal;
        }
    }
    constexpr std::string_view letters = "kmgtp";
    std::string_view rest = text;
    int exponent = 0;
    if (!rest.empty()) {
        const auto letter = letters.find(static_cast<char>(rest.front() | 0x20));
        if (letter != std::string_view::npos) {
            exponent = 10 * (static_cast<int>(letter) + 1);
            rest.remove_prefix(1);
            rest.remove_prefix(rest.starts_with('i') ? 1 : 0);
        }
    }
    rest.remove_prefix(rest.starts_with('b') || rest.starts_with('B') ? 1 : 0);
    return rest.empty() ? std::optional(Suffix{text, 2, exponent}) : std::nullopt;
}

struct DurationUnit {
    std::string_view text;
    std::int64_t milliseconds;
};

constexpr std::array<DurationUnit, 6> duration_units{
    {{"ms", 1}, {"w", 604'800'000}, {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}}};

std::string three_digits(double value) {
    return value >= 999.5 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);  // never 1e+03
}

}  // namespace

Result<Bytes> parse_quantity(std::string_view text) {
    const auto number = read_decimal(text);
    if (!number) {
        return not_a_quantity(text);
    }
    const std::string_view suffix = text.substr(number->length);
    for (const auto& known : quantity_suffixes) {
        if (known.text != suffix) {
            continue;
        }
        const auto bytes = known.exponent >= 0 ? scaled(*number, power(known.base, known.exponent), 0)
                                               : scaled(*number, 1, -known.exponent);
        return bytes ? Result<Bytes>(*bytes) : not_a_quantity(text, ": it does not fit 64 bits");
    }
    if (suffix.size() > 1 && (suffix.front() == 'e' || suffix.front() == 'E')) {
        return quantity_with_exponent(text, *number, suffix.substr(1));
    }
    return not_a_quantity(text);
}

Result<Bytes> parse_docker_size(std::string_view text) {
    const std::string_view trimmed = base::trim(text);
    const auto number = read_decimal(trimmed);
    if (number) {
        if (const auto suffix = docker_suffix(base::trim(trimmed.substr(number->length)))) {
            if (const auto bytes = scaled(*number, power(suffix->base, suffix->exponent), 0)) {
                return *bytes;
            }
        }
    }
    return fail(Fault::usage, fmt::format("`{}` is no size", printable(text)), "for example 512m, 1.5g or 64MiB");
}

Result<Milliseconds> parse_duration(std::string_view text) {
    const auto bad = [&] {
        return fail(Fault::usage, fmt::format("`{}` is no duration", printable(text)),
                    "for example 250ms, 30s, 5m, 6h, 2d or 1h30m");
    };
    std::string_view rest = text;
    Wide total = 0;
    do {
        const auto number = read_decimal(rest);
        if (!number) {
            return bad();
        }
        rest.remove_prefix(number->length);
        const DurationUnit* unit = nullptr;
        for (const auto& known : duration_units) {
            if (rest.starts_with(known.text)) {
                unit = &known;
                break;
            }
        }
        if (unit == nullptr) {
            return bad();
        }
        rest.remove_prefix(unit->text.size());
        const auto part = scaled(*number, static_cast<Wide>(unit->milliseconds), 0);
        if (!part) {
            return bad();
        }
        total += *part;
    } while (!rest.empty());
    constexpr Wide ten_years = static_cast<Wide>(315'360'000'000);
    return total > ten_years ? Result<Milliseconds>(bad()) : Milliseconds(static_cast<std::int64_t>(total));
}

std::string format_bytes(Bytes bytes) {
    constexpr std::array<std::string_view, 7> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1023.5 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    return fmt::format("{} {}", unit == 0 ? fmt::format("{}", bytes) : three_digits(value), units[unit]);
}

std::string format_rate(double bytes_per_hour) {
    if (!std::isfinite(bytes_per_hour)) {
        return "unknown rate";
    }
    const auto size = static_cast<Bytes>(std::llround(std::min(std::abs(bytes_per_hour), 1e18)));
    return fmt::format("{}{}/h", size == 0 ? "" : bytes_per_hour < 0 ? "-" : "+", format_bytes(size));
}

std::string format_duration(Milliseconds span) {
    const double seconds = static_cast<double>(span.count()) / 1000.0;
    if (seconds < 9.95) {
        return fmt::format("{:.1f} s", seconds);
    }
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 120) {
        return fmt::format("{} s", whole);
    }
    const std::int64_t minutes = whole / 60;
    if (minutes < 60) {
        return fmt::format("{} min", minutes);
    }
    if (minutes < 24 * 60) {
        return minutes % 60 == 0 ? fmt::format("{}h", minutes / 60) : fmt::format("{}h{}m", minutes / 60, minutes % 60);
    }
    const std::int64_t hours = minutes / 60;
    return hours % 24 == 0 ? fmt::format("{}d", hours / 24) : fmt::format("{}d{}h", hours / 24, hours % 24);
}

std::string format_exact_duration(Milliseconds span) {
    if (span.count() == 0) {
        return "0s";
    }
    std::string text;
    std::int64_t left = span.count();
    for (const auto& unit : {DurationUnit{"d", 86'400'000}, DurationUnit{"h", 3'600'000}, DurationUnit{"m", 60'000},
                             DurationUnit{"s", 1'000}, DurationUnit{"ms", 1}}) {
        if (left >= unit.milliseconds) {
            text += fmt::format("{}{}", left / unit.milliseconds, unit.text);
            left %= unit.milliseconds;
        }
    }
    return text;
}

std::string format_percent(double ratio) {
    if (!std::isfinite(ratio)) {
        return "unknown %";
    }
    return fmt::format("{:.0f} %", std::floor(ratio * 100.0 + 1e-9));
}

}  // namespace memrb
