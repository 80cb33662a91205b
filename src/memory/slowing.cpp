#include "memory/slowing.h"

#include "memory/curves.h"
#include "memory/shapes.h"
#include "memory/statistics.h"

#include <algorithm>

namespace memrb::memory {

namespace {

struct Straightness {
    double line = 0;
    double slowing = 0;
};

Straightness straightness(const std::vector<Block>& blocks) {
    const auto slowing = fit_slowing(blocks);
    const double line = fit_line(blocks).error;
    return {line, slowing && slowing->c > 0 ? slowing->error : line};
}

// The blocks over the requests served instead of the hours passed; none if there is no load.
std::vector<Block> over_requests(const Series& load, const Life& life) {
    const std::vector<double> rate = mean_by_block(load, life).values;
    std::vector<Block> served = life.blocks;
    double requests = 0;
    for (std::size_t i = 0; i < served.size() && !rate.empty(); ++i) {
        requests += i > 0 ? rate[i] * (life.blocks[i].hours - life.blocks[i - 1].hours) : 0;
        served[i].hours = requests;
    }
    if (requests <= 0) {
        served.clear();
    }
    return served;
}

}  // namespace

BlockMeans mean_by_block(const Series& series, const Life& life) {
    std::vector<double> sums(life.blocks.size());
    std::vector<double> counts(life.blocks.size());
    NeighbourNoise noise;  // of neighbours in one block
    std::size_t block = 0;
    for (const Point& point : series.points) {
        const double hours = hours_between(life.origin, point.at);
        const std::size_t last = block;
        while (block + 1 < life.blocks.size() &&
               hours > (life.blocks[block].hours + life.blocks[block + 1].hours) / 2) {
            ++block;
        }
        if (hours < life.blocks.front().hours - 0.1 || hours > life.blocks.back().hours + 0.1) {
            continue;
        }
        if (counts[block] > 0 && block == last) {
            noise.add((&point - 1)->value, point.value);
        }
        sums[block] += point.value;
        counts[block] += 1;
    }
    BlockMeans means;
    double shares = 0;  // of the samples' variance that the means have, summed up
    for (std::size_t i = 0; i < sums.size(); ++i) {
        if (counts[i] > 0) {
            means.values.push_back(sums[i] / counts[i]);
            shares += 1 / counts[i];
        } else if (!means.values.empty()) {
            means.values.push_back(means.values.back());
        } else {
            return {};
        }
    }
    if (noise.pairs() >= static_cast<double>(sums.size())) {
        means.error = noise.variance() * shares / static_cast<double>(sums.size());
    }
    return means;
}

std::optional<bool> growth_slows(const JudgedTrend& judged, const Series& load) {
    constexpr std::size_t least = 12;
    if (judged.trend.verdict != Verdict::growing || !judged.life || !judged.growth ||
        judged.life->blocks.size() < least) {
        return std::nullopt;
    }
    constexpr double clearly = 0.8;
    const double line = judged.growth->line_error;
    const auto& slowing = judged.growth->slowing;
    Straightness best{line, slowing && slowing->c > 0 ? slowing->error : line};
    if (const std::vector<Block> served = over_requests(load, *judged.life); !served.empty()) {
        const Straightness by_requests = straightness(served);
        best = {std::min(best.line, by_requests.line), std::min(best.slowing, by_requests.slowing)};
    }
    return best.slowing < clearly * best.line;
}

void forecast_by_requests(const Series& load, Timestamp now, JudgedTrend& judged) {
    if (judged.trend.verdict != Verdict::growing || !judged.life || !judged.growth || !judged.life->limit) {
        return;
    }
    const std::vector<Block> served = over_requests(load, *judged.life);
    const Growth& growth = *judged.growth;
    if (served.empty() || fit_line(served).error > 0.8 * growth.line_error) {
        return;
    }
    constexpr double change = 0.3;  // standard deviation of the mean load to come, as a share: half for 90 %
    Course course = forecast_course(*judged.life, growth, now);
    course.bend = 0;
    course.scale = 0;
    course.slope = growth.slope;
    const double half = 1.645 * change * growth.slope;
    course.interval = {growth.slope - half, growth.slope + half};
    judged.trend.seconds_to_limit = time_to_limit(course, *judged.life->limit);
}

}  // namespace memrb::memory
