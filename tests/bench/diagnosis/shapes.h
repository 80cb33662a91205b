#pragma once

#include "incident.h"

#include <vector>

namespace memrb::bench {

/// MiB that shares are taken of: the limit, or 1 GiB without one.
double limit_or_scale(const Plan& plan);

/// 0 to 1 within the first few minutes after a start.
double warmed(double hours_since_start);

/// A load is on for the first 40 % of each period.
bool busy(double periods);

/// Requests per second with a day's wave and random hours; its sum over time is known.
struct Load {
    double base = 100;
    double wave = 0;              ///< share
    double phase = 0;             ///< of the day
    std::vector<double> factors;  ///< one for each quarter of an hour, repeated
    std::vector<double> sums;     ///< of the factors, hours
    double most = 1;

    [[nodiscard]] double at(double hours) const;
    /// Integral from 0 on, in thousands of requests.
    [[nodiscard]] double sum(double hours) const;
};
Load make_load(const Plan& plan, Random& random);

/// Sets truth, level and what lies beside it, by plan.family; others are left alone.
void make_growth(Plan& plan, Random& random, Split split);
void make_harmless(Plan& plan, Random& random, Split split);

}  // namespace memrb::bench
