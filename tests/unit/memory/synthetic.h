#pragma once

#include "memory/history.h"
#include "memrb/reading.h"
#include "memrb/units.h"

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace memrb::test {

inline constexpr double mib = 1048576.0;

/// 2026-11-21T12:00:00Z: the judged moment of the synthetic series.
Timestamp noon();

/// Noise that is the same on every machine: the generator is fixed by the standard, the shaping is done here.
class Noise {
public:
    explicit Noise(std::uint64_t seed) : engine_(seed) {}
    double uniform();  ///< [0, 1)
    double normal();   ///< mean 0, sigma 1
    /// The next value of an AR(1) process with stationary sigma 1.
    double ar1(double rho);

private:
    std::mt19937_64 engine_;
    double last_ = 0;
    bool begun_ = false;
};

struct Shape {
    double hours = 6;
    double step_seconds = 15;
    /// Bytes at `hours` since the series began.
    std::function<double(double hours, Noise& noise)> bytes;
};

/// Samples that end at noon(); values below zero become zero, all are whole pages of 4096 bytes.
std::vector<Point> make_points(const Shape& shape, std::uint64_t seed);

/// A history without any report of restarts.
memory::History make_history(std::vector<Point> points, Limit limit);
/// One with restarts at these moments.
memory::History make_history(std::vector<Point> points, Limit limit, const std::vector<Timestamp>& starts);

/// `hours` after the beginning of a series that ends at noon and spans `span` hours.
Timestamp hours_in(double hours, double span);

}  // namespace memrb::test
