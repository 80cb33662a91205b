#include "incident.h"
#include "shapes.h"

#include <algorithm>
#include <cmath>

namespace memrb::bench {

namespace {

constexpr double quarter = 0.25;  // hours

// What disturbs the measurement; the two splits draw from different values.
void disturb(Plan& plan, Split split, Random& random) {
    const bool tuning = split == Split::tuning;
    plan.step = tuning ? random.pick({5.0, 15.0, 30.0, 60.0}) : random.pick({5.0, 10.0, 15.0, 20.0, 45.0, 60.0, 120.0});
    plan.step = std::max(plan.step, plan.hours >= 24 ? 60.0 : plan.hours >= 12 ? 30.0 : 5.0);
    while (plan.hours * 3600 / plan.step < 120) {
        plan.step /= 2;
    }
    plan.limit = random.log_between(256, tuning ? 4096 : 8192);
    plan.scatter = random.log_between(0.002, tuning ? 0.02 : 0.022) * plan.limit;
    const double kind = random.uniform();
    if (kind > 0.35) {
        plan.rho = tuning ? random.pick({0.5, 0.9, 0.95, 0.98, 0.99, 0.997}) : 1 - random.log_between(0.003, 0.6);
    }
    plan.heavy = random.chance(0.2);
    const double cut = random.uniform();
    plan.quantum = cut < 0.8 ? 4096 : cut < 0.9 ? 1048576 : std::floor(plan.limit * 1048576 / 500);
    plan.lost = random.chance(0.3) ? random.between(0, 0.12) : 0;
    plan.nan = random.chance(0.2) ? random.between(0, 0.05) : 0;
    if (random.chance(0.2)) {
        const double length = random.between(0.02, 0.15) * plan.hours;
        const double from = random.between(0.05, 0.8) * (plan.hours - length);
        plan.gap = {from, from + length};
    }
}

}  // namespace

double limit_or_scale(const Plan& plan) {
    return plan.limit > 0 ? plan.limit : 1024;
}

double warmed(double hours_since_start) {
    return 1 - std::exp(-std::max(hours_since_start, 0.0) / 0.02);
}

bool busy(double periods) {
    return periods - std::floor(periods) < 0.4;
}

double Load::at(double hours) const {
    const auto part = static_cast<std::size_t>(std::max(hours, 0.0) / quarter) % factors.size();
    return base * (1 + wave * std::sin(2 * std::numbers::pi * (hours / 24 + phase))) * factors[part];
}

double Load::sum(double hours) const {
    // The wave is taken at the middle of each quarter: exact enough for a level.
    const double place = std::max(hours, 0.0) / quarter;
    const auto whole = static_cast<std::size_t>(place);
    const auto known = std::min(whole, sums.size() - 1);
    double total = sums[known];
    for (std::size_t i = known; i < whole; ++i) {
        total += at((static_cast<double>(i) + 0.5) * quarter) * quarter;
    }
    return total + at((static_cast<double>(whole) + 0.5) * quarter) * (place - std::floor(place)) * quarter;
}

Load make_load(const Plan& plan, Random& random) {
    Load load;
    load.base = random.log_between(5, 500);
    load.wave = random.between(0.1, 0.5);
    load.phase = random.uniform();
    const double spread = random.between(0.1, 0.5);
    const auto parts = static_cast<std::size_t>(plan.hours * 4.5 / quarter) + 1;
    for (std::size_t i = 0; i < parts; ++i) {
        load.factors.push_back(std::exp(spread * random.normal()));
    }
    load.sums = {0};
    for (std::size_t i = 0; i < parts; ++i) {
        const double middle = (static_cast<double>(i) + 0.5) * quarter;
        load.sums.push_back(load.sums.back() + load.at(middle) * quarter);
        load.most = std::max(load.most, load.at(middle));
    }
    return load;
}

const std::vector<std::string_view>& families() {
    static const std::vector<std::string_view> all{"linear leak",
                                                   "accelerating leak",
                                                   "per-request leak",
                                                   "unbounded cache",
                                                   "pool growth",
                                                   "post-deploy leak",
                                                   "leak with restarts",
                                                   "retention after load",
                                                   "leak, no limit",
                                                   "saturating cache",
                                                   "warm-up",
                                                   "payload spikes",
                                                   "under-provisioned",
                                                   "traffic burst",
                                                   "post-deploy step",
                                                   "collected saw",
                                                   "page cache",
                                                   "day cycle",
                                                   "healthy but high",
                                                   "noise that remembers",
                                                   "level, no limit",
                                                   "too few samples"};
    return all;
}

Plan make_plan(std::string_view family, Split split, Random& random, std::optional<double> hours) {
    Plan plan;
    plan.family = family;
    plan.hours = hours ? *hours
                 : family == "day cycle"
                     ? random.pick({6.0, 12.0, 24.0, 36.0, 48.0, 72.0})
                     : (split == Split::tuning ? random.pick({1.0, 2.0, 6.0, 6.0, 6.0, 12.0, 24.0})
                                               : random.pick({1.0, 1.5, 3.0, 6.0, 6.0, 6.0, 10.0, 24.0, 30.0}));
    // A change in the window must leave a life that can be judged.
    if (family == "post-deploy leak" || family == "post-deploy step" || family == "leak with restarts") {
        plan.hours = std::max(plan.hours, 3.0);
    }
    disturb(plan, split, random);
    if (family == "leak, no limit" || family == "level, no limit") {
        plan.limit = 0;
        plan.scatter = random.log_between(0.002, 0.02) * limit_or_scale(plan);
    }
    if (family == "leak, no limit") {
        plan.family = "linear leak";
        make_growth(plan, random, split);
        plan.family = family;
    } else {
        make_growth(plan, random, split);
        make_harmless(plan, random, split);
    }
    if (!plan.load && family != "day cycle" && random.chance(0.3)) {
        // Its own day, nothing to do with the memory.
        const Load load = make_load(plan, random);
        plan.load = [=](double h) { return load.at(h); };
    }
    return plan;
}

}  // namespace memrb::bench
