#include "incident.h"
#include "shapes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace memrb::bench {

namespace {

double part_of(double periods) {
    return periods - std::floor(periods);
}

// A long-running process; now and then with a restart in the window, after which it warms up for minutes.
void long_running(Plan& plan, Random& random, double restart_chance) {
    plan.starts = {-random.log_between(1, 300)};
    if (plan.hours >= 2 && random.chance(restart_chance)) {
        plan.starts.push_back(random.between(0.05, 0.4) * plan.hours);
    }
}

void level_at(Plan& plan, Random& random, double low, double high) {
    const double level = random.between(low, high) * limit_or_scale(plan);
    plan.level = [=](double, double since) { return level * (0.7 + 0.3 * warmed(since)); };
}

void saturating_cache(Plan& plan, Random& random, Split) {
    plan.truth = {false, false, {"unbounded-cache"}, {"reduce-cache"}};
    const double room = limit_or_scale(plan);
    const double base = random.between(0.15, 0.35) * room;
    const double gain = random.between(0.25, 0.55) * room;
    const double tau = random.between(0.25, 0.6) * plan.hours;
    plan.starts = {-random.between(0.01, 0.1) * plan.hours};
    plan.level = [=](double, double since) { return base + gain * (1 - std::exp(-since / tau)); };
}

void warm_up(Plan& plan, Random& random, Split) {
    const double room = limit_or_scale(plan);
    const double base = random.between(0.15, 0.35) * room;
    const double gain = random.between(0.1, 0.4) * room;
    const double tau = random.log_between(0.01, 0.15) * plan.hours;
    plan.starts = {-24, random.between(0.005, 0.1) * plan.hours};
    plan.level = [=](double, double since) { return base + gain * (1 - std::exp(-since / tau)); };
}

void payload_spikes(Plan& plan, Random& random, Split) {
    plan.truth = {false, false, {"large-payloads"}, {"raise-limit", "scale-out"}};
    long_running(plan, random, 0.1);
    const double room = limit_or_scale(plan);
    const double base = random.between(0.25, 0.5) * room;
    const double mean = random.between(0.2, 0.4) * room;
    const double period = std::max(random.between(0.04, 0.2) * plan.hours, 12 * plan.step / 3600);
    const double length = std::max(random.between(0.02, 0.12), 2.5 * plan.step / 3600 / period);
    std::vector<double> sizes;
    std::vector<double> places;
    for (int i = 0; i < 512; ++i) {
        sizes.push_back(std::min(mean * std::exp(0.35 * random.normal()), 0.97 * room - base));
        places.push_back(random.between(0, 1 - length));
    }
    const double phase = random.uniform();
    plan.level = [=](double h, double since) {
        const double place = h / period + phase;
        const auto own = static_cast<std::size_t>(place) % sizes.size();
        const double part = place - std::floor(place) - places[own];
        return base * (0.7 + 0.3 * warmed(since)) + (part >= 0 && part < length ? sizes[own] : 0);
    };
}

void under_provisioned(Plan& plan, Random& random, Split) {
    plan.truth = {false, false, {"under-provisioned"}, {"raise-limit"}};
    long_running(plan, random, 0.25);
    plan.scatter = std::min(plan.scatter, 0.008 * plan.limit);
    level_at(plan, random, 0.88, 0.96);
}

void traffic_burst(Plan& plan, Random& random, Split) {
    plan.truth = {false, false, {"traffic-spike"}, {"scale-out", "raise-limit"}};
    long_running(plan, random, 0.1);
    const double room = limit_or_scale(plan);
    const double base = random.between(0.3, 0.5) * room;
    const double gain = random.between(0.78, 0.95) * room - base;  // an alert has fired
    const double bursts = random.between(1.6, 6);
    const double period = plan.hours / bursts;
    const double phase = random.uniform();
    const double quiet = random.between(0.05, 0.25);
    const auto share = [=](double h) {  // ramps up within a twentieth of the period, and down again
        const double part = part_of(h / period + phase);
        return std::clamp(std::min(part / 0.05, (0.45 - part) / 0.05), 0.0, 1.0);
    };
    plan.load = [=](double h) { return 200 * (quiet + (1 - quiet) * share(h)); };
    plan.level = [=](double h, double since) { return base * (0.7 + 0.3 * warmed(since)) + gain * share(h); };
}

void post_deploy_step(Plan& plan, Random& random, Split) {
    plan.truth = {false, false, {"under-provisioned", "library-leak"}, {"raise-limit", "rollback"}};
    const double deploy = random.between(0.15, 0.6) * plan.hours;
    plan.starts = {-random.log_between(1, 300), deploy};
    plan.revised = 1;
    plan.scatter = std::min(plan.scatter, 0.008 * plan.limit);
    const double after = random.between(0.87, 0.96) * plan.limit;
    const double before = after - random.between(0.1, 0.4) * plan.limit;
    plan.level = [=](double h, double since) { return (h < deploy ? before : after) * (0.8 + 0.2 * warmed(since)); };
}

void collected_saw(Plan& plan, Random& random, Split) {
    long_running(plan, random, 0.1);
    const double room = limit_or_scale(plan);
    const double base = random.between(0.2, 0.4) * room;
    const double height = random.between(0.1, 0.4) * room;
    const double period = std::max(random.log_between(0.02, 0.45) * plan.hours, 8 * plan.step / 3600);
    const double phase = random.uniform();
    plan.level = [=](double h, double since) {
        return base * (0.7 + 0.3 * warmed(since)) + height * part_of(h / period + phase);
    };
}

void page_cache(Plan& plan, Random& random, Split) {
    long_running(plan, random, 0);
    const double room = limit_or_scale(plan);
    const double anon = random.between(0.2, 0.45) * room;
    const double first = random.between(0.05, 0.1) * room;
    const double gain = random.between(0.15, 0.4) * room;
    const double hours = plan.hours;
    const auto grown = [=](double h) { return first + gain * h / hours; };
    const bool inside = random.chance(0.6);  // read more than once, so active: it counts to the working set
    if (inside) {
        plan.file = grown;
        plan.level = [=](double h, double) { return anon + grown(h); };
    } else {
        plan.idle_file = grown;
        plan.file = [=](double) { return first; };
        plan.level = [=](double, double) { return anon + first; };
    }
}

void day_cycle(Plan& plan, Random& random, Split split) {
    long_running(plan, random, 0);
    const double room = limit_or_scale(plan);
    const double middle = random.between(0.4, 0.6) * room;
    const double wave = random.between(0.08, split == Split::tuning ? 0.2 : 0.22) * room;
    const double second = random.between(0, 0.3);
    const double phase = random.uniform();
    const double other = random.uniform();
    const auto day = [=](double h) {
        const double turn = 2 * std::numbers::pi;
        return (std::sin(turn * (h / 24 + phase)) + second * std::sin(turn * (h / 12 + other))) / (1 + second);
    };
    plan.level = [=](double h, double) { return middle + wave * day(h); };
    if (random.chance(0.5)) {
        plan.load = [=](double h) { return 100 * (1 + 0.8 * day(h)); };
    }
}

void healthy_high(Plan& plan, Random& random, Split) {
    long_running(plan, random, 0.2);
    plan.scatter = std::min(plan.scatter, 0.012 * plan.limit);
    level_at(plan, random, 0.68, 0.78);
}

void noise_only(Plan& plan, Random& random, Split split) {
    long_running(plan, random, 0.1);
    plan.scatter = random.between(0.01, 0.04) * limit_or_scale(plan);
    plan.rho = split == Split::tuning ? random.pick({0.9, 0.95, 0.98, 0.99, 0.995, 0.997})
                                      : 1 - random.log_between(0.003, 0.1);
    level_at(plan, random, 0.35, 0.6);
}

void no_limit_level(Plan& plan, Random& random, Split) {
    long_running(plan, random, 0.2);
    level_at(plan, random, 0.3, 0.8);
}

void too_few(Plan& plan, Random& random, Split split) {
    make_growth(plan, random, split);
    plan.truth = {false, true, {}, {}};
    plan.starts = {-random.log_between(1, 300)};
    const double slope = random.chance(0.5) ? random.between(10, 200) : 0;
    const double base = 0.4 * limit_or_scale(plan);
    plan.level = [=](double h, double) { return base + slope * h; };
    const double kind = random.uniform();
    if (kind < 0.4) {  // too short
        plan.hours = random.between(3, 27) / 60;
        plan.step = std::min(plan.step, 15.0);
    } else if (kind < 0.7) {  // too few
        plan.step = random.between(60, 300);
        plan.hours = random.between(8, 32) * plan.step / 3600;
    } else {  // a young life
        plan.starts.push_back(plan.hours - random.between(4, 24) / 60);
        plan.level = [=](double h, double since) { return base * (0.7 + 0.3 * warmed(since)) + slope * h * 0.1; };
    }
    plan.gap.reset();
}

}  // namespace

void make_harmless(Plan& plan, Random& random, Split split) {
    struct Maker {
        std::string_view family;
        void (*make)(Plan&, Random&, Split);
    };
    static constexpr std::array makers{
        Maker{"saturating cache", saturating_cache},
        Maker{"warm-up", warm_up},
        Maker{"payload spikes", payload_spikes},
        Maker{"under-provisioned", under_provisioned},
        Maker{"traffic burst", traffic_burst},
        Maker{"post-deploy step", post_deploy_step},
        Maker{"collected saw", collected_saw},
        Maker{"page cache", page_cache},
        Maker{"day cycle", day_cycle},
        Maker{"healthy but high", healthy_high},
        Maker{"noise that remembers", noise_only},
        Maker{"level, no limit", no_limit_level},
        Maker{"too few samples", too_few},
    };
    for (const Maker& maker : makers) {
        if (maker.family == plan.family) {
            maker.make(plan, random, split);
        }
    }
}

}  // namespace memrb::bench
