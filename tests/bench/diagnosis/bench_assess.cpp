// What judging one container costs, against one std::sort of its samples in the same run.
//
//   bench_assess [SAMPLES [COURSE]]      10000 and all of them if none is given
#include "memory/assess.h"
#include "random.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>

namespace {

using namespace memrb;

constexpr double mib = 1048576;

struct Course {
    std::string_view name;
    std::function<double(double part, bench::Random& random)> bytes;  // part of the series, 0..1
};

double milliseconds(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t samples = argc > 1 ? std::max(std::strtoul(argv[1], nullptr, 10), 1UL) : 10'000;
    const std::string_view only = argc > 2 ? argv[2] : "";
    const std::vector<Course> courses{
        {"leak", [](double part, bench::Random& random) { return (200 + 200 * part + 3 * random.normal()) * mib; }},
        {"level", [](double, bench::Random& random) { return (300 + 10 * random.normal()) * mib; }},
        {"saturating",
         [](double part, bench::Random& random) {
             return (150 + 200 * (1 - std::exp(-3 * part)) + 3 * random.normal()) * mib;
         }},
        {"saw",
         [](double part, bench::Random& random) {
             return (150 + 200 * (part * 20 - std::floor(part * 20)) + 3 * random.normal()) * mib;
         }},
        {"spikes",
         [](double part, bench::Random& random) {
             return (150 + (part * 30 - std::floor(part * 30) < 0.05 ? 200 : 0) + 3 * random.normal()) * mib;
         }},
    };
    const Timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};
    const std::vector<Threshold> thresholds{{0.8, std::chrono::minutes{5}, Level::warning},
                                            {0.95, {}, Level::critical}};
    fmt::print("{} samples{:>22}{:>12}{:>8}\n", samples, "assess ms", "sort ms", "ratio");
    for (const Course& course : courses) {
        if (!only.empty() && only != course.name) {
            continue;
        }
        bench::Random random(7);
        SeriesReading series;
        series.role = SeriesRole::memory;
        series.metric = "container_memory_working_set_bytes";
        series.labels = {{"id", "/docker/a"}};
        series.raw = true;
        std::vector<double> values;
        for (std::size_t i = 0; i < samples; ++i) {
            const double value = course.bytes(static_cast<double>(i) / static_cast<double>(samples), random);
            series.points.push_back({now - std::chrono::seconds(15 * (samples - i)), std::floor(value / 4096) * 4096});
            values.push_back(value);
        }
        Target target;
        target.limit = Bytes{512} << 20U;
        const std::vector<Reading> readings{std::move(series)};
        // In turns, so that a slow moment of the machine hits both; the best of many is what the work itself costs.
        double ours = 1e9;
        double floor = 1e9;
        std::size_t seen = 0;
        for (int i = 0; i < 60; ++i) {
            ours = std::min(
                ours, milliseconds([&] { seen += memory::assess({target, readings, thresholds, now}).series.size(); }));
            std::vector<double> copy = values;
            floor = std::min(floor, milliseconds([&] { std::sort(copy.begin(), copy.end()); }));
            seen += copy.front() > 0 ? 1 : 0;
        }
        fmt::print("{:<12}{:>27.3f}{:>12.3f}{:>8.2f}{}\n", course.name, ours, floor, ours / floor, seen > 0 ? "" : " ");
    }
    return 0;
}
