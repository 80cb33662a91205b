#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <numbers>
#include <random>

namespace memrb::bench {

/// Draws that are the same on every machine: the generator is fixed by the standard, the shaping is done here.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    double uniform() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
    double between(double low, double high) { return low + (high - low) * uniform(); }
    double log_between(double low, double high) { return low * std::pow(high / low, uniform()); }
    bool chance(double share) { return uniform() < share; }
    double normal() {
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }
    /// Student's t with 3 degrees of freedom, scaled to a standard deviation of one: one in 200 is beyond 4.
    double heavy() {
        double square = 0;
        for (int i = 0; i < 3; ++i) {
            const double one = normal();
            square += one * one;
        }
        return normal() / std::sqrt(square);
    }
    template <class T>
    T pick(std::initializer_list<T> values) {
        return *std::next(values.begin(), static_cast<std::ptrdiff_t>(uniform() * static_cast<double>(values.size())));
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace memrb::bench
