#include "incident.h"
#include "shapes.h"

#include <algorithm>
#include <cmath>

namespace memrb::bench {

namespace {

using Texts = std::vector<std::string>;

const Texts relief{"restart", "fix-leak"};

// Level at the end of the window and what was gained in it, as shares of the limit, for everything that grows.
struct Climb {
    double end = 0;
    double gain = 0;
    double base = 0;   // of a fresh process
    double slope = 0;  // MiB per hour
    double start = 0;  // hours; when a process that began at the base must have started
};

Climb climb(const Plan& plan, Random& random, Split split) {
    const double room = limit_or_scale(plan);
    Climb one;
    one.end = random.between(0.55, split == Split::tuning ? 0.92 : 0.94) * room;
    one.gain = random.log_between(0.08, 0.5) * room;
    one.base = random.between(0.08, 0.25) * room;
    one.gain = std::min(one.gain, one.end - one.base);
    one.slope = one.gain / plan.hours;
    one.start = plan.hours - (one.end - one.base) / one.slope;
    return one;
}

void linear_leak(Plan& plan, Random& random, Split split) {
    const Climb one = climb(plan, random, split);
    plan.truth = {true, false, {"leak"}, relief};
    plan.starts = {std::min(one.start, -0.01)};
    const double kind = random.uniform();
    if (kind < 0.15) {  // it begins in the window
        const double onset = random.between(0.1, 0.5) * plan.hours;
        plan.starts = {-random.log_between(1, 300)};
        const double slope = one.gain / (plan.hours - onset);
        plan.level = [=](double h, double) { return one.end - one.gain + slope * std::max(0.0, h - onset); };
    } else if (kind < 0.25) {  // it began before the window, long after the start
        plan.starts = {one.start - random.log_between(10, 300)};
        plan.level = [=](double h, double) { return one.end - one.gain + one.slope * h; };
    } else if (kind < 0.4 && plan.hours >= 2) {  // a restart early in the window
        const double restart = random.between(0.08, 0.4) * plan.hours;
        plan.starts = {-random.log_between(0.5, 4) * plan.hours, restart};
        const double slope = (one.end - one.base) / (plan.hours - restart);
        const double old_slope = slope * random.between(0.6, 1.4);
        const double old_base = std::max(one.end - old_slope * restart, one.base);
        plan.level = [=](double h, double since) {
            return h < restart ? std::min(old_base + old_slope * h, one.end) : one.base + slope * since;
        };
    } else {
        const double start = plan.starts.front();
        const double base = one.end - one.slope * (plan.hours - start);
        plan.level = [=](double, double since) { return base + one.slope * since; };
    }
}

void accelerating_leak(Plan& plan, Random& random, Split split) {
    const Climb one = climb(plan, random, split);
    plan.truth = {true, false, {"leak"}, relief};
    const double power = random.between(1.3, 2.2);
    const double start = -random.between(0.01, 0.6) * plan.hours;
    plan.starts = {start};
    const double from = std::pow(-start, power);
    const double scale = one.gain / (std::pow(plan.hours - start, power) - from);
    plan.level = [=](double, double since) {
        return one.end - one.gain + scale * (std::pow(std::max(since, 0.0), power) - from);
    };
}

void per_request_leak(Plan& plan, Random& random, Split split) {
    const Climb one = climb(plan, random, split);
    plan.truth = {true, false, {"leak"}, relief};
    plan.starts = {std::min(one.start, -0.01)};
    const Load load = make_load(plan, random);
    const double total = load.sum(plan.hours);
    const double direct = random.between(0, 0.03) * limit_or_scale(plan);
    plan.load = [=](double h) { return load.at(h); };
    plan.level = [=](double h, double) {
        return one.end - one.gain + one.gain * load.sum(h) / total + direct * load.at(h) / load.most;
    };
}

void unbounded_cache(Plan& plan, Random& random, Split split) {
    const Climb one = climb(plan, random, split);
    plan.truth = {true, false, {"unbounded-cache"}, {"reduce-cache"}};
    const double start = -random.between(0.01, 0.3) * plan.hours;
    plan.starts = {start};
    // New keys get rarer, but never stop: Heaps' law. With Redis its setting is known and growth may be even.
    const bool redis = random.chance(0.4);
    if (redis) {
        plan.redis_maxmemory.emplace("0");
    }
    const double power = redis ? random.between(0.6, 1.0) : random.between(0.5, 0.8);
    const double from = std::pow(-start, power);
    const double scale = one.gain / (std::pow(plan.hours - start, power) - from);
    plan.level = [=](double, double since) {
        return one.end - one.gain + scale * (std::pow(std::max(since, 0.0), power) - from);
    };
}

void pool_growth(Plan& plan, Random& random, Split split) {
    const Climb one = climb(plan, random, split);
    plan.truth = {true, false, {"connection-pool"}, {"restart"}};
    plan.starts = {std::min(one.start, -0.01)};
    const double each = random.between(0.2, 2.0) * limit_or_scale(plan) / 1024;
    const double first = std::max((one.end - one.gain - one.base) / each, 3.0);
    const double per_hour = one.slope / each;
    plan.descriptors = [=](double h) { return 20 + std::floor(first + per_hour * h); };
    plan.level = [=](double h, double) { return one.end - one.gain + each * std::floor(per_hour * h); };
}

void post_deploy_leak(Plan& plan, Random& random, Split split) {
    const Climb one = climb(plan, random, split);
    plan.truth = {true, false, {"library-leak"}, {"rollback"}};
    const double deploy = random.between(0.2, 0.55) * plan.hours;
    plan.starts = {-random.log_between(1, 300), deploy};
    plan.revised = 1;
    const double level = one.end - one.gain;
    const double slope = one.gain / (plan.hours - deploy);
    plan.level = [=](double h, double since) {
        return h < deploy ? level : level * (0.8 + 0.2 * warmed(since)) + slope * since;
    };
}

void restarts_leak(Plan& plan, Random& random, Split) {
    plan.truth = {true, false, {"leak"}, relief};
    const double room = limit_or_scale(plan);
    const double base = random.between(0.1, 0.3) * room;
    const double top = random.between(0.7, 0.99) * room;
    const double lives = random.between(3, 14);
    const double uneven = random.between(0, 0.5);
    std::vector<double> slopes;
    double at = -random.uniform() * plan.hours / lives;
    while (at < plan.hours) {
        plan.starts.push_back(at);
        slopes.push_back((top - base) / (plan.hours / lives) * random.between(1 - uneven, 1 + uneven));
        at += (top - base) / slopes.back();
    }
    const std::vector<double> starts = plan.starts;
    plan.level = [=](double h, double since) {
        const auto life = std::upper_bound(starts.begin(), starts.end(), h) - starts.begin() - 1;
        const std::size_t own = life < 0 ? 0 : static_cast<std::size_t>(life);
        return base + slopes[own] * since;  // the last life goes on until the limit
    };
}

void retention(Plan& plan, Random& random, Split split) {
    const Climb one = climb(plan, random, split);
    plan.truth = {true, false, {"leak", "unbounded-cache"}, {"restart", "fix-leak", "reduce-cache"}};
    plan.starts = {-random.log_between(0.5, 100)};
    const double bursts = random.between(3.5, 8);
    const double period = plan.hours / bursts;
    const double kept = random.between(0.6, 0.95);
    const double phase = random.uniform();
    const double each = one.gain / bursts;
    plan.load = [=](double h) { return busy(h / period + phase) ? 200 : 15; };
    plan.level = [=](double h, double) {
        const double place = h / period + phase;
        const double before = one.end - one.gain + each * (std::floor(place) - std::floor(phase));
        const double part = place - std::floor(place);
        return part < 0.4 ? before + each / kept * std::min(1.0, part / 0.15)
                          : before + each / kept * (1 - (1 - kept) * std::min(1.0, (part - 0.4) / 0.1));
    };
}

}  // namespace

void make_growth(Plan& plan, Random& random, Split split) {
    struct Maker {
        std::string_view family;
        void (*make)(Plan&, Random&, Split);
    };
    static constexpr std::array makers{
        Maker{"linear leak", linear_leak},           Maker{"accelerating leak", accelerating_leak},
        Maker{"per-request leak", per_request_leak}, Maker{"unbounded cache", unbounded_cache},
        Maker{"pool growth", pool_growth},           Maker{"post-deploy leak", post_deploy_leak},
        Maker{"leak with restarts", restarts_leak},  Maker{"retention after load", retention},
    };
    for (const Maker& maker : makers) {
        if (maker.family == plan.family) {
            maker.make(plan, random, split);
        }
    }
}

}  // namespace memrb::bench
