#include "memory/blocks.h"

#include <algorithm>
#include <cmath>

namespace memrb::memory {

namespace {

// The value at a place between two ranks.
double at_place(std::span<double> values, double place) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), at, values.end());
    const double part = place - std::floor(place);
    return part <= 0 || at + 1 == values.end() ? *at : *at + part * (*std::min_element(at + 1, values.end()) - *at);
}

}  // namespace

Block make_block(std::span<const Point> points, Timestamp origin, std::size_t strand) {
    // Of many samples some tell as much: p10, median and p90 of forty are exact enough for one of 96 blocks.
    constexpr std::size_t enough = 36;
    const std::size_t stride = std::max<std::size_t>(points.size() / enough, 1);
    std::vector<double> values;
    values.reserve(points.size() / stride + 1);
    for (std::size_t i = stride / 2; i < points.size(); i += stride) {
        values.push_back(points[i].value);
    }
    std::int64_t time = 0;
    for (const Point& point : points) {
        time += (point.at - origin).count();
    }
    const double last = static_cast<double>(values.size() - 1);
    const double mid = at_place(values, 0.5 * last);
    // The median has divided them: p10 lies below it and p90 above.
    const auto half = static_cast<std::size_t>(0.5 * last) + 1;
    const std::span<double> lower = std::span(values).first(std::min(half + 1, values.size()));
    const std::span<double> upper = std::span(values).subspan(half - 1);
    return {static_cast<double>(time) / static_cast<double>(points.size()) / 3.6e6, at_place(lower, 0.1 * last), mid,
            at_place(upper, 0.9 * last - static_cast<double>(half - 1)), strand};
}

std::size_t block_count(std::size_t samples) {
    return std::clamp<std::size_t>(samples / 5, 12, 96);
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
