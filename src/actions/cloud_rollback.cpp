#include "actions/cloud_rollback.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

namespace {

constexpr double too_full = 0.85;
constexpr double too_much_growth = 0.10;

double number(const Json& object, std::string_view key) {
    const Json* value = member(object, key);
    return value != nullptr && value->is_number() ? value->get<double>() : 0;
}

double mean(std::vector<Point>::const_iterator begin, std::vector<Point>::const_iterator end) {
    double sum = 0;
    for (auto point = begin; point != end; ++point) {
        sum += point->value;
    }
    return begin == end ? 0 : sum / static_cast<double>(end - begin);
}

}  // namespace

bool RevisionHealth::healthy() const {
    return !killed && peak < too_full && late - early < too_much_growth;
}

std::string RevisionHealth::words() const {
    const std::string level = fmt::format("at most {}", format_percent(peak));
    return killed                            ? level + ", out of memory"
           : late - early >= too_much_growth ? fmt::format("{}, growing", level)
                                             : level;
}

RevisionHealth health_of(const std::vector<Point>& ratios) {
    RevisionHealth health;
    for (const Point& point : ratios) {
        health.peak = std::max(health.peak, point.value);
    }
    const auto part = static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(ratios.size() / 8, 1, 30));
    if (!ratios.empty()) {
        health.early = mean(ratios.begin(), ratios.begin() + part);
        health.late = mean(ratios.end() - part, ratios.end());
    }
    return health;
}

HealthByRevision read_health(const Json& utilization, const Json& killed) {
    HealthByRevision all;
    for (std::size_t i = 0; utilization.is_array() && i < utilization.size(); ++i) {
        if (const auto name = get_text(utilization[i], "name")) {
            all[*name] = {number(utilization[i], "peak"), number(utilization[i], "early"),
                          number(utilization[i], "late"), false};
        }
    }
    for (std::size_t i = 0; killed.is_array() && i < killed.size(); ++i) {
        if (killed[i].is_string()) {
            all[killed[i].get<std::string>()].killed = true;
        }
    }
    return all;
}

Result<RollbackTarget> choose_rollback(const std::vector<CloudRevision>& newest_first, const std::string& serving,
                                       const HealthByRevision& health) {
    const auto now = std::find_if(newest_first.begin(), newest_first.end(),
                                  [&](const CloudRevision& one) { return one.name == serving; });
    if (now == newest_first.end()) {
        return fail(Fault::no_data,
                    fmt::format("{}, which serves, is not among the revisions", base::printable(serving)));
    }
    if (now + 1 == newest_first.end()) {
        return fail(Fault::no_data, newest_first.size() == 1
                                        ? "there is only one revision: there is nothing to go back to"
                                        : "the oldest revision serves already: there is nothing to go back to");
    }
    const CloudRevision* unknown = nullptr;
    std::string onset = serving;
    std::string unhealthy;
    for (auto one = now + 1; one != newest_first.end(); ++one) {
        const auto known = health.find(one->name);
        if (!one->ready) {
            continue;
        }
        if (known == health.end()) {
            unknown = unknown == nullptr ? &*one : unknown;
        } else if (known->second.healthy()) {
            return RollbackTarget{one->name,
                                  fmt::format("{} was healthy ({})", base::printable(one->name), known->second.words()),
                                  onset};
        } else {
            unhealthy += fmt::format("{}{} ({})", unhealthy.empty() ? "" : ", ", base::printable(one->name),
                                     known->second.words());
            onset = unknown == nullptr ? one->name : onset;
        }
    }
    if (unknown != nullptr) {
        return RollbackTarget{
            unknown->name,
            fmt::format("{} is the newest whose memory is not known{}", base::printable(unknown->name),
                        unhealthy.empty() ? "" : "; not healthy: " + unhealthy),
            onset};
    }
    return fail(Fault::no_data,
                unhealthy.empty() ? "no earlier revision is ready" : "no earlier revision was healthy: " + unhealthy);
}

}  // namespace memrb::actions
