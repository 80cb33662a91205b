#include "memory/kendall.h"

#include <algorithm>
#include <cmath>

namespace memrb::memory {

namespace {

// n(n-1)(2n+5)/18 for n values in one strand; also what a group of n equal values takes away from it.
double variance_of(double n) {
    return n * (n - 1) * (2 * n + 5) / 18;
}

double untied_variance(const std::vector<double>& sorted) {
    double variance = variance_of(static_cast<double>(sorted.size()));
    for (auto from = sorted.begin(); from != sorted.end();) {
        const auto to = std::upper_bound(from, sorted.end(), *from);
        variance -= variance_of(static_cast<double>(to - from));
        from = to;
    }
    return std::max(variance, 0.0);
}

}  // namespace

Kendall mann_kendall(const std::vector<Block>& blocks, double rho) {
    Kendall result;
    for (auto from = blocks.begin(); from != blocks.end();) {
        const auto to =
            std::find_if(from, blocks.end(), [&](const Block& block) { return block.strand != from->strand; });
        std::vector<double> lows;
        for (auto later = from; later != to; ++later) {
            for (const double earlier : lows) {
                result.s += later->low > earlier ? 1 : later->low < earlier ? -1 : 0;
                ++result.pairs;
            }
            lows.push_back(later->low);
        }
        std::sort(lows.begin(), lows.end());
        result.variance += untied_variance(lows);
        from = to;
    }
    constexpr double most = 0.98;
    const double alike = std::clamp(rho, 0.0, most);
    result.variance *= (1 + alike) / (1 - alike);
    if (result.variance > 0 && result.s != 0) {
        result.z = (result.s - std::copysign(1.0, result.s)) / std::sqrt(result.variance);
    }
    return result;
}

}  // namespace memrb::memory
