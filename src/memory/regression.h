#pragma once

#include "memory/blocks.h"

#include <vector>

namespace memrb::memory {

struct Line {
    double offset = 0;
    double slope = 0;
    double error = 0;  ///< sum of squares of what is left
};

/// Ordinary least squares of y over x.
Line regress(const std::vector<double>& x, const std::vector<double>& y);

/// What that line leaves unexplained of each y.
std::vector<double> rest_of(const std::vector<double>& x, const std::vector<double>& y);

std::vector<double> lows_of(const std::vector<Block>& blocks);

}  // namespace memrb::memory
