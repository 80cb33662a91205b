#include "memory/teeth.h"

#include "memory/blocks.h"
#include "memory/kendall.h"
#include "memory/statistics.h"
#include "memory/theil_sen.h"

#include <algorithm>
#include <cmath>

namespace memrb::memory {

namespace {

constexpr std::size_t most_teeth = 24;
constexpr std::size_t least_samples = 4;
constexpr std::size_t most_blocks_each = 8;
constexpr double z_needed = 2.33;  // one-sided 1 %

struct Tooth {
    double base = 0;    ///< first block's low
    double height = 0;  ///< gained from the first block to the last
    double slope = 0;
    double half_way = 0;  ///< share of the height gained by the middle block
    bool whole = false;   ///< seen from its start on
    bool over = true;     ///< not the present one, whose height is still to come
};

Tooth tooth_of(const std::vector<Block>& blocks, bool whole) {
    const double base = blocks.front().low;
    const double height = blocks.back().low - base;
    const double middle = blocks[blocks.size() / 2].low - base;
    return {base, height, slope_of(blocks), height > 0 ? middle / height : 0, whole, true};
}

std::vector<Block> blocks_of(std::span<const Point> points, const Segment& segment, Timestamp origin,
                             std::size_t strand) {
    // make_blocks makes at least 12 of so few samples; here a handful for each tooth is enough.
    std::vector<Segment> parts;
    const std::size_t count = std::min(segment.size(), most_blocks_each);
    for (std::size_t i = 0; i < count; ++i) {
        parts.push_back(
            {segment.begin + i * segment.size() / count, segment.begin + (i + 1) * segment.size() / count, false});
    }
    std::vector<Block> blocks;
    for (const Segment& part : parts) {
        blocks.push_back(make_low_block(points.subspan(part.begin, part.size()), origin, strand));
    }
    return blocks;
}

// A rise is spread over its time: a plateau that begins or ends within a tooth is none.
bool are_ramps(const std::vector<Tooth>& teeth, double significant) {
    std::vector<double> heights;
    std::vector<double> half_ways;
    for (const Tooth& tooth : teeth) {
        if (tooth.over) {
            heights.push_back(tooth.height);
            half_ways.push_back(tooth.half_way);
        }
    }
    constexpr double edge = 0.15;
    const double half_way = half_ways.empty() ? 0 : median(half_ways);
    return !heights.empty() && median(heights) >= significant && half_way >= edge && half_way <= 1 - edge;
}

// Half of the values lie within it: two kinds of teeth in turn are spread, though most are near the median.
double spread(const std::vector<double>& values) {
    return quantile(values, 0.75) - quantile(values, 0.25);
}

std::optional<bool> are_alike(const std::vector<Tooth>& teeth) {
    std::vector<double> bases;
    std::vector<double> slopes;
    std::vector<double> heights;
    for (const Tooth& tooth : teeth) {
        if (tooth.whole) {
            bases.push_back(tooth.base);
            slopes.push_back(tooth.slope);
        }
        if (tooth.over) {
            heights.push_back(tooth.height);
        }
    }
    if (slopes.size() < 2 || heights.empty()) {
        return std::nullopt;
    }
    constexpr double most_spread = 0.35;
    const double slope = median(slopes);
    return slope > 0 && spread(slopes) <= most_spread * slope && spread(bases) <= most_spread * median(heights);
}

double slope_scatter(const std::vector<Tooth>& teeth) {
    std::vector<double> slopes;
    for (const Tooth& tooth : teeth) {
        if (tooth.over) {
            slopes.push_back(tooth.slope);
        }
    }
    return slopes.size() < 2 ? 0 : mad_to_sigma * mad(slopes);
}

}  // namespace

Teeth measure_teeth(std::span<const Point> points, const std::vector<Segment>& segments, double significant) {
    Teeth result;
    std::vector<Block> blocks;
    std::vector<Tooth> teeth;
    const std::size_t from = segments.size() > most_teeth ? segments.size() - most_teeth : 0;
    for (std::size_t i = from; i < segments.size(); ++i) {
        const Segment segment = without_warm_up(points, segments[i]);
        if (segment.size() < least_samples) {
            continue;
        }
        const auto own = blocks_of(points, segment, points.front().at, i);
        // The first rise may have been joined midway. The present one is not over: its base and slope count once it has
        // lasted long enough to have any.
        const bool over = i + 1 < segments.size();
        if (over || (i > from && segment.size() >= segments[i - 1].size() / 3)) {
            teeth.push_back(tooth_of(own, i > 0 || segments[i].after_start));
            teeth.back().over = over;
        }
        blocks.insert(blocks.end(), own.begin(), own.end());
        ++result.count;
        result.samples += segment.size();
        result.span += points[segment.end - 1].at - points[segment.begin].at;
    }
    if (blocks.size() < 2) {
        return result;
    }
    TheilSen fit = theil_sen(blocks);
    const Kendall kendall = mann_kendall(blocks, 0);
    result.slope = fit.slope;
    result.interval = slope_interval90(fit, kendall.variance);
    result.rising = kendall.z >= z_needed && fit.slope > 0 && are_ramps(teeth, significant);
    result.alike = are_alike(teeth);
    result.slope_scatter = slope_scatter(teeth);
    return result;
}

}  // namespace memrb::memory
