#include "engine/facts.h"

#include "wire/assessment_json.h"
#include "wire/document.h"

#include <algorithm>
#include <iterator>

namespace memrb::engine {

namespace {

using wire::Json;

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json target_facts(const Target& target) {
    Json json;
    json["name"] = target.name;
    json["platform"] = to_string(target.platform);
    json["id"] = target.id.empty() ? Json() : Json(target.id);
    json["running"] = target.running;
    json["image"] = target.image.empty() ? Json() : Json(target.image);
    json["compose"] = nullptr;
    if (target.compose) {
        json["compose"] = {{"project", target.compose->project}, {"service", target.compose->service}};
    }
    json["kube"] = nullptr;
    if (target.kube) {
        json["kube"] = {{"kind", target.kube->kind}, {"namespace", target.kube->name_space}};
    }
    json["cloud_run"] = nullptr;
    if (target.cloud_run) {
        json["cloud_run"] = {{"project", target.cloud_run->project},
                             {"region", target.cloud_run->region},
                             {"revision", target.id.empty() ? Json() : Json(target.id)},
                             {"latest_ready", target.cloud_run->latest_ready},
                             {"cpu", target.cloud_run->cpu > 0 ? Json(target.cloud_run->cpu) : Json()}};
    }
    json["limit_bytes"] = wire::to_json(target.limit);
    return json;
}

Json feature_facts(const Features& features) {
    Json json;
    json["anon_share_of_growth"] = or_null(features.anon_share_of_growth);
    json["file_share_of_growth"] = or_null(features.file_share_of_growth);
    json["load_correlation"] = or_null(features.load_correlation);
    json["retention"] = or_null(features.retention);
    json["p95_to_limit"] = or_null(features.p95_to_limit);
    json["peak_soon_after_start"] = or_null(features.peak_soon_after_start);
    json["sawtooth_same_slope"] = or_null(features.sawtooth_same_slope);
    json["growth_slows"] = or_null(features.growth_slows);
    json["descriptors_grow"] = or_null(features.descriptors_grow);
    json["minutes_after_change"] = or_null(features.minutes_after_change);
    return json;
}

// Page cache that is in use counts to the working set, and the kernel drops it when room is needed.
Json droppable_share(const MemoryReading& memory) {
    if (!memory.reclaimable || !memory.usage || memory.used == 0 || *memory.usage < memory.used) {
        return {};
    }
    const Bytes outside = *memory.usage - memory.used;  // idle page cache
    const Bytes inside = *memory.reclaimable > outside ? *memory.reclaimable - outside : 0;
    return std::min(static_cast<double>(inside) / static_cast<double>(memory.used), 1.0);
}

void add_assessment(Json& facts, const Assessment& assessment) {
    if (assessment.memory) {
        facts["memory"] = wire::to_json(*assessment.memory, assessment.ratio);
        facts["memory"]["level"] = to_string(assessment.level);
        facts["memory"]["droppable_share"] = droppable_share(*assessment.memory);
    }
    facts["trend"] = wire::to_json(assessment.trend);
    facts["trend"]["restarts_seen"] = assessment.trend.restarts_seen;
    facts["oom"] = wire::to_json(assessment.oom);
    facts["restarts"] = or_null(assessment.restarts);
    facts["features"] = feature_facts(assessment.features);
    facts["load"] = {{"correlation", or_null(assessment.features.load_correlation)}};
}

Json parsed(const std::string& text) {
    Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json() : value;
}

Json step_fact(const StepFacts& step) {
    Json captures = Json::object();
    for (const auto& [name, value] : step.captures) {
        captures[name] = parsed(value);
    }
    Json fact = wire::object_for(2);
    fact["status"] = to_string(step.status);
    fact["captures"] = std::move(captures);
    return fact;
}

// By section and name. Ids are unique and sorted, so that the steps of a section follow each other and none has to be
// looked for: that would be quadratic.
Json step_facts(const std::map<std::string, StepFacts>& steps) {
    const auto section_of = [](const std::string& id) { return id.substr(0, id.find('.')); };
    Json all = Json::object();
    for (auto first = steps.begin(); first != steps.end();) {
        const std::string section = section_of(first->first);
        const auto last =
            std::find_if(first, steps.end(), [&](const auto& step) { return section_of(step.first) != section; });
        Json& facts = all[section];
        if (facts.is_null()) {  // an id without a section may come before ids of that section
            facts = wire::object_for(static_cast<std::size_t>(std::distance(first, last)));
        }
        for (; first != last; ++first) {
            const std::string& id = first->first;
            facts.get_ref<Json::object_t&>().emplace_back(
                id.size() == section.size() ? id : id.substr(section.size() + 1), step_fact(first->second));
        }
    }
    return all;
}

}  // namespace

std::string facts_json(const FactSources& sources) {
    Json facts{{"target", target_facts(sources.target)},
               {"vars", sources.vars},
               {"memory", nullptr},
               {"trend", nullptr},
               {"oom", nullptr},
               {"restarts", nullptr},
               {"load", nullptr},
               {"features", feature_facts(Features{})},
               {"steps", Json::object()}};
    if (sources.assessment != nullptr) {
        add_assessment(facts, *sources.assessment);
    }
    facts["steps"] = step_facts(sources.steps);
    return facts.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace memrb::engine
