#include "synthetic.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace memrb::test {

Timestamp noon() {
    return Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours{12}};
}

double Noise::uniform() {
    return static_cast<double>(engine_() >> 11U) * 0x1p-53;
}

double Noise::normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Noise::ar1(double rho) {
    last_ = begun_ ? rho * last_ + std::sqrt(1 - rho * rho) * normal() : normal();
    begun_ = true;
    return last_;
}

std::vector<Point> make_points(const Shape& shape, std::uint64_t seed) {
    Noise noise(seed);
    std::vector<Point> points;
    const auto count = static_cast<std::int64_t>(shape.hours * 3600 / shape.step_seconds);
    for (std::int64_t i = 0; i <= count; ++i) {
        const double hours = static_cast<double>(i) * shape.step_seconds / 3600;
        const double value = std::max(shape.bytes(hours, noise), 0.0);
        points.push_back({hours_in(hours, shape.hours), std::floor(value / 4096) * 4096});
    }
    return points;
}

memory::History make_history(std::vector<Point> points, Limit limit) {
    return make_history(std::move(points), limit, {});
}

memory::History make_history(std::vector<Point> points, Limit limit, const std::vector<Timestamp>& starts) {
    memory::History history;
    history.memory.points = std::move(points);
    history.memory.step = memory::resolution(history.memory.points);
    history.limit = memory::LimitHistory(memory::Series{}, limit);
    const memory::Series none;
    history.cuts = memory::find_cuts({history.memory, none, none, history.limit, starts});
    history.lives =
        memory::split(history.points(), history.cuts, {memory::CutReason::restart, memory::CutReason::revision});
    return history;
}

Timestamp hours_in(double hours, double span) {
    return noon() + Milliseconds{std::llround((hours - span) * 3.6e6)};
}

}  // namespace memrb::test
