#include "memory/blocks.h"

#include "memory/statistics.h"

#include <algorithm>
#include <cmath>

namespace memrb::memory {

namespace {

double hours_between(Timestamp from, Timestamp to) {
    return static_cast<double>((to - from).count()) / 3.6e6;
}

}  // namespace

Block make_block(std::span<const Point> points, Timestamp origin, std::size_t strand) {
    std::vector<double> values;
    values.reserve(points.size());
    double hours = 0;
    for (const Point& point : points) {
        values.push_back(point.value);
        hours += hours_between(origin, point.at);
    }
    return {hours / static_cast<double>(points.size()), quantile_in_place(values, 0.1), quantile_in_place(values, 0.5),
            quantile_in_place(values, 0.9), strand};
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
