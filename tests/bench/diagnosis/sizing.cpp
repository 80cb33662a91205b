#include "sizing.h"

#include "memory/assess.h"
#include "score.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace memrb::bench {

namespace {

constexpr double mib = 1048576;
constexpr std::array<std::string_view, 7> sized{"payload spikes", "traffic burst",    "collected saw",
                                                "day cycle",      "healthy but high", "noise that remembers",
                                                "warm-up"};

double vpa(const std::vector<Point>& points) {
    std::map<std::int64_t, double> peaks;
    for (const Point& point : points) {
        double& peak = peaks[point.at.time_since_epoch() / std::chrono::hours{24}];
        peak = std::max(peak, point.value);
    }
    std::vector<double> sorted;
    for (const auto& [day, peak] : peaks) {
        sorted.push_back(peak);
    }
    std::sort(sorted.begin(), sorted.end());
    const double p90 = sorted[static_cast<std::size_t>(std::ceil(0.9 * static_cast<double>(sorted.size()))) - 1];
    // Buckets grow by 5 % from 10 MB on, and the upper end of one stands for all in it.
    const double bucket = std::ceil(std::log(p90 / 1e7 * 0.05 + 1) / std::log(1.05));
    return 1.15 * 1e7 * (std::pow(1.05, bucket) - 1) / 0.05;
}

double krr(const std::vector<Point>& points) {
    double peak = 0;
    for (const Point& point : points) {
        peak = std::max(peak, point.value);
    }
    return std::max(std::ceil(1.15 * peak / mib), 100.0) * mib;
}

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) /
           static_cast<double>(std::max<std::size_t>(values.size(), 1));
}

}  // namespace

std::array<SizeRow, 4> score_sizes(Split split, std::uint64_t first_seed, std::size_t cases) {
    std::array<SizeRow, 4> rows{SizeRow{"memrb", 0, 0, {}}, SizeRow{"VPA", 0, 0, {}}, SizeRow{"KRR", 0, 0, {}},
                                SizeRow{"x1.0", 0, 0, {}}};
    const std::vector<Threshold> thresholds;
    for (std::size_t f = 0; f < sized.size(); ++f) {
        for (std::size_t i = 0; i < cases; ++i) {
            Random random(first_seed + f * 100'000 + i);
            Plan plan = make_plan(sized[f], split, random, random.pick({24.0, 48.0, 96.0, 168.0}));
            plan.step = 300;
            plan.truth = {};
            const double limit = plan.limit;
            plan.limit = 0;
            const Incident incident = realise(plan, random, 1);
            const double peak = *std::max_element(incident.afterwards.begin(), incident.afterwards.end()) * mib;
            const Assessment assessment =
                memory::assess({incident.target, incident.readings, thresholds, incident.now});
            double seen = 0;
            for (const Point& point : incident.memory) {
                seen = std::max(seen, point.value);
            }
            const double ours = assessment.right_size ? static_cast<double>(assessment.right_size->limit) : limit * mib;
            const std::array<double, 4> proposed{ours, vpa(incident.memory), krr(incident.memory), seen};
            for (std::size_t r = 0; r < rows.size(); ++r) {
                ++rows[r].of;
                rows[r].killed += peak > proposed[r] ? 1 : 0;
                if (peak <= proposed[r]) {
                    rows[r].slack.push_back(proposed[r] / peak - 1);
                }
            }
        }
    }
    return rows;
}

void print(const std::array<SizeRow, 4>& rows) {
    fmt::print("\nright size, judged by as much time again\n");
    for (const SizeRow& row : rows) {
        std::vector<double> sorted = row.slack;
        std::sort(sorted.begin(), sorted.end());
        fmt::print("{:<6} OOM {:.2f} % of {}  slack mean {:.1f} %, median {:.1f} %\n", row.rule,
                   100.0 * static_cast<double>(row.killed) / static_cast<double>(row.of), row.of, 100 * mean(sorted),
                   sorted.empty() ? 0.0 : 100 * sorted[sorted.size() / 2]);
    }
}

}  // namespace memrb::bench
