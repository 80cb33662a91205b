#include "memory/capacity.h"

#include "memory/regression.h"
#include "memory/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace memrb::memory {

namespace {

constexpr std::size_t least_stretches = 12;
constexpr std::size_t most_stretches = 96;
constexpr double least_variation = 0.2;
constexpr double least_explained = 0.5;
constexpr double most_growth = 0.25;

struct Stretches {
    std::vector<double> time;  // 0..1
    std::vector<double> load;
    std::vector<double> memory;
    double load_error = 0;  // variance of one mean

    void keep(const std::vector<bool>& kept) {
        const auto thin_out = [&](std::vector<double>& values) {
            std::size_t next = 0;
            std::erase_if(values, [&](double) { return !kept[next++]; });
        };
        thin_out(time);
        thin_out(load);
        thin_out(memory);
    }
};

// Sums of the samples of each of `count` equal parts of the time between the two moments.
struct Parts {
    std::vector<double> sums;
    std::vector<double> counts;
    NeighbourNoise noise;  // of neighbours in one part

    Parts(std::span<const Point> points, Timestamp from, Timestamp to, std::size_t count) : sums(count), counts(count) {
        std::size_t last = count;  // none
        double before = 0;
        const double span = static_cast<double>((to - from).count());
        for (const Point& point : points) {
            if (point.at < from || point.at > to) {
                continue;
            }
            const double place = static_cast<double>((point.at - from).count()) / span * static_cast<double>(count);
            const std::size_t part = std::min(static_cast<std::size_t>(place), count - 1);
            if (part == last) {
                noise.add(before, point.value);
            }
            sums[part] += point.value;
            counts[part] += 1;
            last = part;
            before = point.value;
        }
    }
};

Stretches stretches_of(const Series& memory, const Series& load) {
    Stretches stretches;
    if (memory.points.empty() || load.points.empty()) {
        return stretches;
    }
    const Timestamp from = std::max(memory.points.front().at, load.points.front().at);
    const Timestamp to = std::min(memory.points.back().at, load.points.back().at);
    if (to <= from) {
        return stretches;
    }
    const std::size_t fewer = std::min(memory.points.size(), load.points.size());
    const std::size_t count = std::clamp(fewer / 4, least_stretches, most_stretches);
    const Parts used(memory.points, from, to, count);
    const Parts served(load.points, from, to, count);
    double shares = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (used.counts[i] > 0 && served.counts[i] > 0) {
            stretches.time.push_back((static_cast<double>(i) + 0.5) / static_cast<double>(count));
            stretches.load.push_back(served.sums[i] / served.counts[i]);
            stretches.memory.push_back(used.sums[i] / used.counts[i]);
            shares += 1 / served.counts[i];
        }
    }
    const auto met = static_cast<double>(std::max<std::size_t>(stretches.time.size(), 1));
    stretches.load_error = served.noise.variance() * shares / met;
    return stretches;
}

std::vector<double> rest_of_line(const Stretches& stretches, const Line& line) {
    std::vector<double> rest;
    for (std::size_t i = 0; i < stretches.load.size(); ++i) {
        rest.push_back(stretches.memory[i] - line.offset - line.slope * stretches.load[i]);
    }
    return rest;
}

// A garbage collection or a deploy in one stretch must not bend the line.
void leave_out_strangers(Stretches& stretches) {
    const std::vector<double> rest =
        rest_of_line(stretches, regress_measured(stretches.load, stretches.memory, stretches.load_error));
    const double middle = median(rest);
    const double most = 4 * mad_to_sigma * mad(rest);
    std::vector<bool> kept;
    std::transform(rest.begin(), rest.end(), std::back_inserter(kept),
                   [&](double value) { return std::abs(value - middle) <= most; });
    stretches.keep(kept);
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::uint64_t whole(double count) {
    constexpr double most = 1e9;
    return static_cast<std::uint64_t>(std::clamp(std::floor(count), 0.0, most));
}

}  // namespace

std::optional<CapacityModel> fit_capacity(const Series& memory, const Series& load) {
    Stretches stretches = stretches_of(memory, load);
    if (stretches.load.size() < least_stretches) {
        return std::nullopt;
    }
    leave_out_strangers(stretches);
    if (stretches.load.size() < least_stretches) {
        return std::nullopt;
    }
    const auto [lowest, highest] = std::minmax_element(stretches.load.begin(), stretches.load.end());
    const double range = *highest - *lowest;
    if (range <= least_variation * mean_of(stretches.load)) {
        return std::nullopt;
    }
    const Line line = regress_measured(stretches.load, stretches.memory, stretches.load_error);
    const double all = regress(std::vector<double>(stretches.memory.size(), 0.0), stretches.memory).error;
    if (line.slope <= 0 || line.offset < 0 || line.error > (1 - least_explained) * all) {
        return std::nullopt;
    }
    const std::vector<double> rest = rest_of_line(stretches, line);
    const double by_itself = std::abs(regress(stretches.time, rest).slope);
    if (by_itself > most_growth * line.slope * range) {
        return std::nullopt;
    }
    const double scatter = std::sqrt(line.error / static_cast<double>(rest.size() - 2));
    return CapacityModel{line.offset, line.slope, scatter, *highest, rest.size()};
}

std::optional<CapacityModel> given_capacity(double base, double each) {
    if (!std::isfinite(base) || !std::isfinite(each) || base < 0 || each <= 0) {
        return std::nullopt;
    }
    return CapacityModel{base, each, 0, 0, 0};
}

Capacity capacity_at(const CapacityModel& model, double limit) {
    constexpr double z90 = 1.645;
    const double floor = model.base + z90 * model.scatter;
    const auto most_at = [&](double share) { return (share * limit - floor) / model.each; };
    // The first above a share is one more than the last that is not; none is needed where the base is above it.
    const auto first_above = [&](double share) { return most_at(share) < 0 ? 0 : whole(most_at(share) + 1); };
    Capacity capacity;
    capacity.base = model.base;
    capacity.each = model.each;
    capacity.given = model.samples == 0;
    capacity.safe = whole(most_at(0.7));
    capacity.risky = first_above(0.85);
    capacity.critical = first_above(0.95);
    constexpr double far = 2;
    capacity.seen = model.samples == 0 || static_cast<double>(capacity.safe) <= far * model.most_seen;
    return capacity;
}

}  // namespace memrb::memory
