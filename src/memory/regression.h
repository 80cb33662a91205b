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

/// The same where each x was measured with an error of that variance: it flattens the line and hides what x explains,
/// and both are taken off. Errors that make up more than half of the scatter of x are not: such an x tells nothing.
Line regress_measured(const std::vector<double>& x, const std::vector<double>& y, double variance);

/// What that line leaves unexplained of each y.
std::vector<double> rest_of(const std::vector<double>& x, const std::vector<double>& y);

std::vector<double> lows_of(const std::vector<Block>& blocks);

}  // namespace memrb::memory
