#pragma once

#include "memory/history.h"
#include "memory/series.h"
#include "memory/trend.h"
#include "memrb/assessment.h"

#include <optional>
#include <span>
#include <vector>

namespace memrb::memory {

/// The series beside the working set; any of them may be empty.
struct Companions {
    Series usage, anon, file, load, descriptors;
};

/// What signs look at, each only if the samples allow it. docs/diagnosis.md defines each one.
Features find_features(const History& history, const Companions& companions, const JudgedTrend& judged);

/// Spearman's rho of load and memory, samples paired by time; needs 12 pairs and a load that varies.
std::optional<double> load_correlation(const Series& memory, const Series& load);

/// The share of the memory gained under load that is still there after the load went away, 0..1: the median over the
/// episodes of low, high and low load again. Needs one such episode that gained 5 % of the level.
std::optional<double> retention(const Series& memory, const Series& load);

/// Minutes from the last change of the image to the beginning of the growth, if it grows now and did not before.
std::optional<double> minutes_after_change(const History& history, const Trend& trend);

}  // namespace memrb::memory
