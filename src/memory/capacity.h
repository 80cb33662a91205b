#pragma once

#include "memory/series.h"
#include "memrb/assessment.h"

#include <cstddef>
#include <optional>

namespace memrb::memory {

/// Memory as a base and a part for each request that is served at the same time. Where the load series counts requests
/// per second instead, each part and each result is for one request per second.
struct CapacityModel {
    double base = 0;          ///< bytes without any request
    double each = 0;          ///< bytes for one more, above 0
    double scatter = 0;       ///< bytes, standard deviation of what the two leave unexplained; 0 if they were given
    double most_seen = 0;     ///< the highest load that it was fitted to; 0 if it was given
    std::size_t samples = 0;  ///< stretches of time that it was fitted to; 0 if it was given
};

/// Fits it to memory and load of the same time, both taken as means over up to 96 stretches of it; errors of measuring
/// the load are taken off, stretches that stand out are left out once. None if it would be a guess: fewer than 12
/// stretches, a load that varies by less than a fifth of its mean, memory that the load does not explain (less than
/// half of its variance), does not rise with it or would be below zero without it, or that grows by itself: what is
/// left rises or falls with time by more than a quarter of what the load explains.
std::optional<CapacityModel> fit_capacity(const Series& memory, const Series& load);

/// Of values that somebody knows, in bytes. None unless both are finite, `base` is 0 or more and `each` above 0.
std::optional<CapacityModel> given_capacity(double base, double each);

/// `limit` in bytes, above 0. Peaks count: the scatter is taken off with 1.645 standard deviations.
Capacity capacity_at(const CapacityModel& model, double limit);

}  // namespace memrb::memory
