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

struct Tooth {
    double base = 0;    ///< first block's low
    double height = 0;  ///< gained from the first block to the last
    double slope = 0;
    bool whole = false;  ///< seen from its start on
};

std::vector<Block> blocks_of(std::span<const Point> points, const Segment& segment, Timestamp origin,
                             std::size_t strand) {
    // make_blocks makes at least 12 of so few samples; here a handful for each tooth is enough.
    std::vector<Segment> parts;
    const std::size_t count = std::min(segment.size(), most_blocks_each);
    for (std::size_t i = 0; i < count; ++i) {
        parts.push_back({segment.begin + i * segment.size() / count, segment.begin + (i + 1) * segment.size() / count,
                         false});
    }
    std::vector<Block> blocks;
    for (const Segment& part : parts) {
        blocks.push_back(make_block(points.subspan(part.begin, part.size()), origin, strand));
    }
    return blocks;
}

std::optional<bool> are_alike(const std::vector<Tooth>& teeth) {
    std::vector<double> bases;
    std::vector<double> slopes;
    std::vector<double> heights;
    for (const Tooth& tooth : teeth) {
        if (tooth.whole) {
            bases.push_back(tooth.base);
            slopes.push_back(tooth.slope);
            heights.push_back(tooth.height);
        }
    }
    if (slopes.size() < 2) {
        return std::nullopt;
    }
    constexpr double most_spread = 0.35;
    const double slope = median(slopes);
    return slope > 0 && mad_to_sigma * mad(slopes) <= most_spread * slope &&
           mad_to_sigma * mad(bases) <= most_spread * median(heights);
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
        // The present rise is not over, and the first one may have been joined midway.
        if (i + 1 < segments.size()) {
            teeth.push_back({own.front().low, own.back().low - own.front().low, slope_of(own),
                             i > 0 || segments[i].after_start});
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
    std::vector<double> heights;
    for (const Tooth& tooth : teeth) {
        heights.push_back(tooth.height);
    }
    constexpr double z_needed = 2.33;
    const double height = heights.empty() ? 0 : median(heights);
    result.rising = kendall.z >= z_needed && fit.slope > 0 && height >= significant;
    result.alike = are_alike(teeth);
    return result;
}

}  // namespace memrb::memory
