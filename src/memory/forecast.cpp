#include "memory/forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memrb::memory {

namespace {

constexpr double horizon_spans = 3;
constexpr double seconds_per_hour = 3600;
constexpr double never = std::numeric_limits<double>::infinity();

// Each solves "gained after t hours = gain" for its curve.
double hours_to_gain(double gain, double slope, const Course& course) {
    if (gain <= 0) {
        return 0;
    }
    if (course.bend > 0) {
        return 2 * gain / (slope + std::sqrt(slope * slope + 4 * course.bend * gain));
    }
    if (course.scale > 0) {
        constexpr double most = 50;  // e^50 hours are never
        return course.scale / slope * std::expm1(std::min(gain / course.scale, most));
    }
    return gain / slope;
}

}  // namespace

std::optional<Interval> time_to_limit(const Course& course, double limit) {
    const double left = limit - course.level;
    if (course.slope <= 0) {
        return std::nullopt;
    }
    if (left <= 0) {
        return Interval{0, 0, 0};
    }
    const double horizon = horizon_spans * course.hours;
    const double mid = hours_to_gain(left, course.slope, course);
    if (mid > horizon) {
        return std::nullopt;
    }
    constexpr double z90 = 1.645;
    const double margin = z90 * course.level_error;
    const double soon = hours_to_gain(left - margin, std::max(course.interval[1], course.slope), course);
    const double late = course.interval[0] > 0
                            ? hours_to_gain(left + margin, std::min(course.interval[0], course.slope), course)
                            : never;
    return Interval{soon * seconds_per_hour, mid * seconds_per_hour, late > horizon ? never : late * seconds_per_hour};
}

std::optional<Interval> time_to_limit(const SaturationFit& curve, double since_start, const Course& course,
                                      double limit) {
    const double left = limit - course.level;
    if (left <= 0) {
        return Interval{0, 0, 0};
    }
    // From the present level on: what the curve has still to gain, not where it says that it is.
    const double to_gain = curve.c * std::exp(-since_start / curve.tau);
    if (to_gain <= left) {
        return std::nullopt;
    }
    const double mid = -curve.tau * std::log(1 - left / to_gain);
    if (mid > horizon_spans * course.hours) {
        return std::nullopt;
    }
    // The present slope kept up is the fastest that this course can be.
    const double soon = course.slope > 0 ? std::min(left / course.slope, mid) : mid;
    return Interval{soon * seconds_per_hour, mid * seconds_per_hour, never};
}

}  // namespace memrb::memory
