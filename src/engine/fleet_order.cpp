#include "engine/fleet_order.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <tuple>

namespace memrb::engine {

namespace {

bool has_kills(const OomAssessment& oom) {
    return oom.verdict == OomAssessment::Verdict::confirmed || oom.verdict == OomAssessment::Verdict::probable;
}

int badness(const FleetRow& row) {
    const Level level = row.assessment.level;
    if (level != Level::unknown) {
        return level == Level::ok ? 0 : static_cast<int>(level);
    }
    return row.outdated || !row.assessment.memory ? 0 : 1;  // what has ended is of least interest, but shown
}

static_assert(static_cast<int>(Level::watch) > 1);

auto key_of(const FleetRow& row) {
    const Assessment& known = row.assessment;
    const double never = std::numeric_limits<double>::infinity();
    const double soonest = known.trend.seconds_to_limit ? known.trend.seconds_to_limit->mid : never;
    const double used = known.memory ? static_cast<double>(known.memory->used) : 0;
    return std::tuple(-badness(row), row.outdated || !known.memory, !has_kills(known.oom), soonest,
                      -known.ratio.value_or(0), -used, std::string_view(row.target.name));
}

}  // namespace

void sort_worst_first(std::vector<FleetRow>& rows) {
    std::sort(rows.begin(), rows.end(), [](const FleetRow& a, const FleetRow& b) { return key_of(a) < key_of(b); });
}

bool is_conspicuous(const FleetRow& row) {
    const Verdict verdict = row.assessment.trend.verdict;
    const bool quiet = verdict == Verdict::flat || verdict == Verdict::falling || verdict == Verdict::insufficient_data;
    return row.assessment.level >= Level::watch || has_kills(row.assessment.oom) || !quiet;
}

FleetCounts count(const std::vector<FleetRow>& rows) {
    FleetCounts counts;
    counts.total = rows.size();
    for (const auto& row : rows) {
        switch (state_of(row)) {
            case FleetState::judged: ++counts.judged; break;
            case FleetState::no_limit: ++counts.no_limit; break;
            case FleetState::limit_unknown: ++counts.limit_unknown; break;
            case FleetState::stale: ++counts.stale; break;
            case FleetState::stopped: ++counts.stopped; break;
            case FleetState::no_data: ++counts.no_data; break;
        }
    }
    return counts;
}

}  // namespace memrb::engine
