#pragma once

#include "memrb/assessment.h"
#include "ui/style.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace memrb::ui {

/// Ratios over time against the thresholds, top down: a row for each band between two of them, named by its lower end
/// (`  80 % |`). Bands are equally high however wide they are: what matters is which one memory is in. At most `width`
/// columns.
std::vector<std::string> watch_chart(std::span<const Point> ratios, const std::vector<Threshold>& thresholds,
                                     std::size_t width, const Style& style);

}  // namespace memrb::ui
