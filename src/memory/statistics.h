#pragma once

#include <span>
#include <vector>

namespace memrb::memory {

/// The q-quantile (0..1) with linear interpolation between neighbours; NaN for no values. O(n), reorders its copy.
double quantile(std::vector<double> values, double q);
double median(std::vector<double> values);
/// The same without a copy: reorders `values`.
double quantile_in_place(std::span<double> values, double q);

/// Median absolute deviation from the median, unscaled; times `mad_to_sigma` it estimates a normal's sigma.
double mad(const std::vector<double>& values);
inline constexpr double mad_to_sigma = 1.4826;

/// Spearman's rank correlation with mean ranks for ties; NaN if one side does not vary. O(n log n).
double spearman(const std::vector<double>& x, const std::vector<double>& y);

/// Autocorrelation at lag one; 0 if the values do not vary.
double lag_one(const std::vector<double>& values);

/// How much of a series' scatter comes from measuring: neighbouring samples differ by little else.
class NeighbourNoise {
public:
    void add(double before, double now) {
        squares_ += (now - before) * (now - before);
        pairs_ += 1;
    }
    [[nodiscard]] double pairs() const { return pairs_; }
    /// Of one sample; 0 if there was no pair.
    [[nodiscard]] double variance() const { return pairs_ > 0 ? squares_ / pairs_ / 2 : 0; }

private:
    double squares_ = 0;
    double pairs_ = 0;
};

}  // namespace memrb::memory
