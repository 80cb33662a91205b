#include "memory/features.h"

#include "memory/blocks.h"
#include "memory/growth.h"
#include "memory/slowing.h"
#include "memory/statistics.h"
#include "memory/teeth.h"
#include "memory/thresholds.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

std::vector<double> values_of(std::span<const Point> points) {
    std::vector<double> values;
    values.reserve(points.size());
    for (const Point& point : points) {
        values.push_back(point.value);
    }
    return values;
}

std::span<const Point> between(std::span<const Point> points, Timestamp from, Timestamp to) {
    const auto first = std::lower_bound(points.begin(), points.end(), from,
                                        [](const Point& point, Timestamp at) { return point.at < at; });
    const auto last =
        std::upper_bound(first, points.end(), to, [](Timestamp at, const Point& point) { return at < point.at; });
    return {first, last};
}

std::span<const Point> present_life(const History& history) {
    const Segment life = without_warm_up(history.points(), history.lives.back());
    return history.points().subspan(life.begin, life.size());
}

// From the first eighth of the time to the last, by medians; nothing if one of them has no samples.
std::optional<double> gain(std::span<const Point> points, Timestamp from, Timestamp to) {
    const Milliseconds eighth = (to - from) / 8;
    const auto begin = between(points, from, from + eighth);
    const auto end = between(points, to - eighth, to);
    if (begin.empty() || end.empty()) {
        return std::nullopt;
    }
    constexpr std::size_t enough = 200;
    return median(some_values(end, enough)) - median(some_values(begin, enough));
}

void find_shares(const History& history, const Companions& companions, Features& features) {
    const auto life = present_life(history);
    if (life.size() < 8) {
        return;
    }
    const Timestamp from = life.front().at;
    const Timestamp to = life.back().at;
    const auto all = gain(life, from, to);
    const auto anon = gain(companions.anon.points, from, to);
    const auto file = gain(companions.file.points, from, to);
    const auto usage = gain(companions.usage.points, from, to);
    const auto limit = bytes_of(history.limit.at(to));
    const double matters = std::max(limit ? 0.02 * *limit : 0, 0.05 * life.front().value);
    // Growth of the page cache may lie outside the working set, so the largest sum that is known is shared out.
    const double parts = anon && file ? std::max(*anon, 0.0) + std::max(*file, 0.0) : 0;
    const double growth = std::max({parts, all.value_or(0), usage.value_or(0)});
    if (growth < matters) {
        return;
    }
    const auto share = [&](double part) { return std::clamp(part / growth, 0.0, 1.0); };
    features.anon_share_of_growth = anon ? std::optional(share(*anon)) : std::nullopt;
    features.file_share_of_growth = file ? std::optional(share(*file)) : std::nullopt;
}

std::optional<double> p95_to_limit(const History& history) {
    constexpr std::size_t least = 12;
    const auto life = present_life(history);
    if (life.size() < least) {
        return std::nullopt;
    }
    if (history.limit.changes().empty()) {
        const auto limit = bytes_of(history.limit.at(life.front().at));
        return limit ? std::optional(quantile(some_values(life), 0.95) / *limit) : std::nullopt;
    }
    const auto own = Ratios(history).between(life.front().at, life.back().at);
    return own.size() < least ? std::nullopt : std::optional(quantile(some_values(own), 0.95));
}

// Near the limit within 5 minutes of each start that the series has seen.
std::optional<bool> peaks_soon_after_start(const History& history) {
    const auto starts = [](const Segment& life) { return life.after_start; };
    if (std::none_of(history.lives.begin(), history.lives.end(), starts)) {
        return std::nullopt;
    }
    const Ratios ratios(history);
    constexpr double near_limit = 0.9;
    std::optional<bool> every;
    for (const Segment& life : history.lives) {
        if (!life.after_start) {
            continue;
        }
        const Timestamp start = history.points()[life.begin].at;
        const Timestamp end = history.points()[life.end - 1].at;
        const auto first = ratios.between(start, std::min(start + 5min, end));
        if (first.size() < 2) {
            continue;  // nothing was sampled that early
        }
        const bool peaks =
            std::any_of(first.begin(), first.end(), [](const Point& ratio) { return ratio.value >= near_limit; });
        every = every.value_or(true) && peaks;
    }
    return every;
}

// Falls without a restart are no sign of a leak: what is given back is garbage that was collected.
std::optional<bool> same_teeth(const History& history) {
    if (history.lives.size() < 3) {
        return std::nullopt;
    }
    const Teeth measured = measure_teeth(history.points(), history.lives, 0);
    return measured.alike ? std::optional(*measured.alike && measured.rising) : std::nullopt;
}

std::optional<bool> grows(const Series& series) {
    constexpr std::size_t least = 36;
    if (series.points.size() < least || series.points.back().at - series.points.front().at < 30min) {
        return std::nullopt;
    }
    const std::vector<Segment> whole{{0, series.points.size(), false}};
    const auto blocks = make_blocks(series.points, whole, series.points.front().at);
    constexpr double matters = 0.1;  // of the level: a pool that breathes is none that grows
    return measure_growth(blocks, matters * std::max(median(values_of(series.points)), 1.0)).is_growing();
}

}  // namespace

std::optional<double> load_correlation(const Series& memory, const Series& load) {
    constexpr std::size_t least_pairs = 12;
    const Milliseconds near = std::max(memory.step, load.step);
    std::vector<double> x;
    std::vector<double> y;
    auto at = memory.points.begin();
    for (const Point& point : load.points) {
        while (at != memory.points.end() && at->at < point.at - near / 2) {
            ++at;
        }
        if (at != memory.points.end() && at->at <= point.at + near / 2) {
            x.push_back(point.value);
            y.push_back(at->value);
        }
    }
    if (x.size() < least_pairs) {
        return std::nullopt;
    }
    const double rho = spearman(x, y);
    return std::isfinite(rho) ? std::optional(rho) : std::nullopt;
}

std::optional<double> retention(const Series& memory, const Series& load) {
    constexpr std::size_t least = 12;
    if (load.points.size() < least || memory.points.empty()) {
        return std::nullopt;
    }
    const std::vector<double> loads = values_of(load.points);
    const double low = quantile(loads, 0.05);
    const double high = quantile(loads, 0.95);
    if (!(high > 2 * low) || high <= 0) {
        return std::nullopt;
    }
    struct Stretch {
        bool busy = false;
        Timestamp first{};
        Timestamp last{};
    };
    std::vector<Stretch> stretches;
    for (const Point& point : load.points) {
        const bool quiet = point.value <= low + 0.25 * (high - low);
        const bool busy = point.value >= low + 0.6 * (high - low);
        if (!quiet && !busy) {
            continue;
        }
        if (stretches.empty() || stretches.back().busy != busy) {
            stretches.push_back({busy, point.at, point.at});
        }
        stretches.back().last = point.at;
    }
    std::vector<double> kept;
    for (std::size_t i = 1; i + 1 < stretches.size(); ++i) {
        if (!stretches[i].busy) {
            continue;
        }
        // Memory is given back some time after the load has gone, so the second half of the quiet stretch counts.
        const Stretch& later = stretches[i + 1];
        const auto before = between(memory.points, stretches[i - 1].first, stretches[i - 1].last);
        const auto during = between(memory.points, stretches[i].first, stretches[i].last);
        const auto after = between(memory.points, later.first + (later.last - later.first) / 2, later.last);
        if (before.empty() || during.empty() || after.empty()) {
            continue;
        }
        const double base = median(values_of(before));
        const double peak = quantile(values_of(during), 0.9);
        // What grows in quiet times as well is not kept from the load.
        const auto settled = between(memory.points, later.first + (later.last - later.first) / 4, later.last);
        const double drift = settled.size() < 4 ? 0 : gain(settled, settled.front().at, settled.back().at).value_or(0);
        const double hours =
            static_cast<double>((settled.empty() ? Milliseconds{1} : settled.back().at - settled.front().at).count());
        const double climbed = static_cast<double>((stretches[i].last - stretches[i - 1].last).count());
        if (peak <= base || peak - base < 0.05 * base) {
            continue;
        }
        const double left = (median(values_of(after)) - base) / (peak - base);
        constexpr double given_back = 0.1;  // nothing has grown then: it rises because the load comes back
        if (left <= given_back || peak - base >= 2 * drift * climbed / std::max(hours, 1.0)) {
            kept.push_back(std::clamp(left, 0.0, 1.0));
        }
    }
    return kept.empty() ? std::nullopt : std::optional(median(kept));
}

std::optional<double> minutes_after_change(const History& history, const Trend& trend) {
    const auto change = std::find_if(history.cuts.rbegin(), history.cuts.rend(),
                                     [](const Cut& cut) { return cut.reason == CutReason::revision; });
    if (change == history.cuts.rend() || trend.verdict != Verdict::growing || !trend.slope_bytes_per_hour) {
        return std::nullopt;
    }
    const auto points = history.points();
    const auto made_of = [&](Timestamp from, Timestamp to) {
        const auto part = between(points, from, to);
        const auto begin = static_cast<std::size_t>(part.data() - points.data());
        return make_blocks(points, {{begin, begin + part.size(), false}}, points.front().at);
    };
    const std::vector<Block> before = made_of(points.front().at, change->at - Milliseconds{1});
    if (before.size() < 3 || slope_of(before) > 0.3 * *trend.slope_bytes_per_hour) {
        return std::nullopt;  // not known, or it grew before already: the change began nothing
    }
    const std::vector<Block> after = made_of(change->at, points.back().at);
    const auto onset = find_onset(after);
    if (!onset) {
        return 0;
    }
    const double began = after[onset->block].hours * 3.6e6;
    return (began - static_cast<double>((change->at - points.front().at).count())) / 6e4;
}

Features find_features(const History& history, const Companions& companions, const JudgedTrend& judged) {
    Features features;
    features.descriptors_grow = grows(companions.descriptors);
    if (history.lives.empty()) {
        return features;
    }
    if (judged.trend.verdict != Verdict::insufficient_data) {
        find_shares(history, companions, features);  // what a start takes is no growth yet
    }
    features.load_correlation = load_correlation(history.memory, companions.load);
    features.retention = retention(history.memory, companions.load);
    features.p95_to_limit = p95_to_limit(history);
    features.peak_soon_after_start = peaks_soon_after_start(history);
    features.sawtooth_same_slope = same_teeth(history);
    features.growth_slows = growth_slows(judged, companions.load);
    features.minutes_after_change = minutes_after_change(history, judged.trend);
    return features;
}

}  // namespace memrb::memory
