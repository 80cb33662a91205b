#include "memory/theil_sen.h"

#include "memory/statistics.h"

#include <algorithm>
#include <cmath>

namespace memrb::memory {

namespace {

std::vector<double> pair_slopes(std::span<const Block> blocks) {
    std::vector<double> slopes;
    slopes.reserve(blocks.size() * (blocks.size() - 1) / 2);
    for (std::size_t later = 1; later < blocks.size(); ++later) {
        // Blocks of one strand are neighbours.
        for (std::size_t earlier = later; earlier-- > 0 && blocks[later].strand == blocks[earlier].strand;) {
            const double hours = blocks[later].hours - blocks[earlier].hours;
            if (hours > 0) {
                slopes.push_back((blocks[later].low - blocks[earlier].low) / hours);
            }
        }
    }
    return slopes;
}

}  // namespace

TheilSen theil_sen(const std::vector<Block>& blocks) {
    TheilSen fit;
    fit.slopes = pair_slopes(blocks);
    fit.slope = fit.slopes.empty() ? 0 : quantile_in_place(fit.slopes, 0.5);
    for (auto from = blocks.begin(); from != blocks.end();) {
        const auto to =
            std::find_if(from, blocks.end(), [&](const Block& block) { return block.strand != from->strand; });
        std::vector<double> offsets;
        std::transform(from, to, std::back_inserter(offsets),
                       [&](const Block& block) { return block.low - fit.slope * block.hours; });
        const double middle = median(offsets);
        for (const double offset : offsets) {
            fit.residuals.push_back(offset - middle);
        }
        from = to;
    }
    return fit;
}

double slope_of(std::span<const Block> blocks) {
    std::vector<double> slopes = pair_slopes(blocks);
    return slopes.empty() ? 0 : median(std::move(slopes));
}

std::array<double, 2> slope_interval90(TheilSen& fit, double variance) {
    if (fit.slopes.empty()) {
        return {0, 0};
    }
    constexpr double z90 = 1.645;
    const double last = static_cast<double>(fit.slopes.size() - 1);
    const double half = z90 * std::sqrt(variance) / 2;
    const auto at = [&](double rank) {
        return quantile_in_place(fit.slopes, last > 0 ? std::clamp(rank / last, 0.0, 1.0) : 0);
    };
    return {at(last / 2 - half), at(last / 2 + half)};
}

}  // namespace memrb::memory
