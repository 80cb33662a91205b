#include "memory/blocks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace memrb::memory {

namespace {

// Batcher's merge exchange (Knuth, 5.2.2 M): which values are compared does not depend on them, so nothing is
// mispredicted.
void sort_few(std::span<double> values) {
    const std::size_t n = values.size();
    const std::size_t half = n < 2 ? 0 : std::bit_floor(n - 1);
    for (std::size_t p = half; p > 0; p /= 2) {
        std::size_t offset = 0;
        std::size_t distance = p;
        for (std::size_t q = half;; q /= 2) {
            for (std::size_t group = offset; group + distance < n; group += 2 * p) {
                const std::size_t end = std::min(group + p, n - distance);
                for (std::size_t i = group; i < end; ++i) {
                    const double a = values[i];
                    const double b = values[i + distance];
                    values[i] = std::min(a, b);
                    values[i + distance] = std::max(a, b);
                }
            }
            if (q == p) {
                break;
            }
            distance = q - p;
            offset = p;
        }
    }
}

// The value at a place between two ranks.
double at_place(std::span<const double> sorted, double place) {
    const auto at = static_cast<std::size_t>(place);
    const double part = place - std::floor(place);
    return part <= 0 || at + 1 == sorted.size() ? sorted[at] : sorted[at] + part * (sorted[at + 1] - sorted[at]);
}

// Of many samples some tell as much: p10, median and p90 of thirty are exact enough for one of 88 blocks.
constexpr std::size_t enough = 24;
constexpr std::size_t most_values = enough + enough / 2;

struct Some {
    std::array<double, most_values> values;
    std::size_t count = 0;
};

Some some_of(std::span<const Point> points) {
    const std::size_t stride = std::max<std::size_t>((2 * points.size() + enough) / (2 * enough), 1);
    Some some;
    for (std::size_t i = stride / 2; i < points.size(); i += stride) {
        some.values[some.count++] = points[i].value;
    }
    return some;
}

double mean_hours(std::span<const Point> points, Timestamp origin) {
    std::int64_t time = 0;
    for (const Point& point : points) {
        time += (point.at - origin).count();
    }
    return static_cast<double>(time) / static_cast<double>(points.size()) / 3.6e6;
}

}  // namespace

Block make_block(std::span<const Point> points, Timestamp origin, std::size_t strand) {
    Some some = some_of(points);
    const std::span<double> values = std::span(some.values).first(some.count);
    sort_few(values);
    const double last = static_cast<double>(some.count - 1);
    return {mean_hours(points, origin), at_place(values, 0.1 * last), at_place(values, 0.5 * last),
            at_place(values, 0.9 * last), strand};
}

Block make_low_block(std::span<const Point> points, Timestamp origin, std::size_t strand) {
    const Some some = some_of(points);
    const double place = 0.1 * static_cast<double>(some.count - 1);
    // Few are that low: keeping them in order is cheaper than an order of all.
    std::array<double, most_values / 10 + 2> lowest{};
    const std::size_t wanted = std::min(static_cast<std::size_t>(place) + 2, some.count);
    std::size_t held = 0;
    for (std::size_t i = 0; i < some.count; ++i) {
        const double value = some.values[i];
        if (held == wanted && value >= lowest[held - 1]) {
            continue;
        }
        std::size_t at = held < wanted ? held++ : held - 1;
        for (; at > 0 && value < lowest[at - 1]; --at) {
            lowest[at] = lowest[at - 1];
        }
        lowest[at] = value;
    }
    return {mean_hours(points, origin), at_place(std::span(lowest).first(held), place), 0, 0, strand};
}

std::size_t block_count(std::size_t samples) {
    return std::clamp<std::size_t>(samples / 5, 12, 88);
}

std::vector<Block> make_blocks(std::span<const Point> points, const std::vector<Segment>& strands, Timestamp origin) {
    std::size_t samples = 0;
    for (const Segment& strand : strands) {
        samples += strand.size();
    }
    std::vector<Block> blocks;
    for (std::size_t s = 0; s < strands.size(); ++s) {
        const std::size_t size = strands[s].size();
        if (size == 0) {
            continue;
        }
        const double share = static_cast<double>(size) / static_cast<double>(samples);
        const auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(block_count(samples))));
        const std::size_t count = std::min(std::max<std::size_t>(wanted, 1), size);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t from = strands[s].begin + i * size / count;
            const std::size_t to = strands[s].begin + (i + 1) * size / count;
            blocks.push_back(make_block(points.subspan(from, to - from), origin, s));
        }
    }
    return blocks;
}

}  // namespace memrb::memory
