#pragma once

#include "incident.h"

#include <array>
#include <string_view>

namespace memrb::bench {

/// Detectors that others use, on the same samples. Each says whether it would report a leak.
inline constexpr std::array<std::string_view, 5> baseline_names{"OLS", "predict", "M-K", "Precog", "80%"};

/// OLS: a line with R2 >= 0.8 that gained 2 % of the limit (5 % of the level without one).
/// predict: Prometheus' `predict_linear(m[1h], 4 * 3600) > limit`, the alert that is recommended most.
/// M-K: Mann-Kendall's test without correction, z >= 2.33, on 300 samples at most, with the same least gain.
/// Precog: after Jindal et al. 2021: change points on the standardised series, then the line with the best R2 from one
/// of them to the end; a leak if R2 >= 0.75, it rises and meets the limit within 7 days. Without its training step.
/// 80%: above 80 % of the limit for the last 5 minutes.
std::array<bool, 5> ask_baselines(const Incident& incident);

}  // namespace memrb::bench
