#include "actions/memory_sample.h"

#include "actions/cgroup_memory.h"
#include "actions/cloud_memory.h"
#include "actions/docker_stats.h"
#include "actions/ending.h"
#include "actions/engine_stats.h"
#include "actions/kube_complaint.h"
#include "actions/memory_counters.h"
#include "actions/pod_metrics.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

namespace {

std::string name_of(const std::string& id, const ActionContext& context) {
    const auto& known = context.host_containers;
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == id; });
    return found == known.end() ? id.substr(0, 12) : found->second;
}

Interpretation fleet_from(const std::vector<CgroupSample>& samples, const ActionContext& context) {
    Interpretation result;
    FleetReading fleet;
    for (const auto& sample : samples) {
        const std::string name = name_of(sample.id, context);
        if (const auto* memory = std::get_if<MemoryReading>(&sample.reading)) {
            fleet.rows.push_back({name, *memory});
        } else if (const auto* nothing = std::get_if<NoData>(&sample.reading)) {
            result.warnings.push_back(fmt::format("memory of {}: {}", base::printable(name), nothing->why));
        }
    }
    result.readings.emplace_back(std::move(fleet));
    return result;
}

// Reads it as the target's; the count of kills covers the time since the container was started.
Interpretation target_from(std::vector<CgroupSample> samples, const ActionContext& context) {
    const auto own = std::find_if(samples.begin(), samples.end(),
                                  [&](const CgroupSample& sample) { return sample.id == context.target.id; });
    if (own == samples.end()) {
        return no_data("cgroup files", "the answer is about another container");
    }
    Interpretation result;
    result.readings.push_back(std::move(own->reading));
    if (own->kills) {
        own->kills->since = context.target.started_at;
        result.readings.emplace_back(*std::move(own->kills));
    }
    return result;
}

Interpretation read_answer(bool host, const ActionContext& context, const Outcome& outcome) {
    const std::string text = outcome.out.text();
    const auto document = read_json(text);
    if (document && is_cgroup_document(*document)) {
        auto samples = read_cgroup_document(*document, outcome.started);
        return host ? fleet_from(samples, context) : target_from(std::move(samples), context);
    }
    Interpretation result;
    if (document && is_engine_stats(*document)) {
        result.readings.push_back(read_engine_stats(*document, context.target, outcome.started));
        return result;
    }
    const auto rows = read_stats_rows(text);
    if (rows.empty()) {
        return no_data("memory", "the answer is not understood");
    }
    result.readings.push_back(host ? Reading(fleet_of(rows, context, outcome.started))
                                   : reading_of(rows, context, outcome.started));
    return result;
}

// Of an answer that holds no measurement at all, pods are still pods: that metrics are missing is said as such.
Interpretation read_pods_answer(const ActionContext& context, const Outcome& outcome) {
    if (auto why = kube_failure_of(outcome)) {
        return no_data("memory", *std::move(why));
    }
    const auto document = outcome.out.truncated() ? std::nullopt : read_json(outcome.out.text());
    return document ? interpret_pod_metrics(*document, context)
                    : no_data("memory", "the answer of kubectl is not understood");
}

}  // namespace

Interpretation interpret_memory(const Params& params, const ActionContext& context, const Outcome& outcome) {
    if (context.target.platform == Platform::cloud_run) {
        return interpret_cloud_memory(params, context, outcome);
    }
    if (context.target.platform == Platform::kubernetes) {
        return read_pods_answer(context, outcome);
    }
    if (auto why = failure_of(outcome, "the Docker engine")) {
        return no_data("memory", *std::move(why));
    }
    if (outcome.out.truncated()) {
        return no_data("memory", "the answer is too long to be kept whole");
    }
    Interpretation result = read_answer(params.text("scope") == "host", context, outcome);
    if (const auto* memory = std::get_if<MemoryReading>(&result.readings.front())) {
        result.note = describe_memory(*memory);
    } else if (const auto* fleet = std::get_if<FleetReading>(&result.readings.front())) {
        result.note = fmt::format("{} container{}", fleet->rows.size(), fleet->rows.size() == 1 ? "" : "s");
        if (fleet->rows.empty()) {
            result.readings = {NoData{"memory", "no container's memory could be read"}};
        }
    }
    return result;
}

}  // namespace memrb::actions
