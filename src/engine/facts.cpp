#include "engine/facts.h"

#include "wire/assessment_json.h"

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

void add_assessment(Json& facts, const Assessment& assessment) {
    if (assessment.memory) {
        facts["memory"] = wire::to_json(*assessment.memory, assessment.ratio);
        facts["memory"]["level"] = to_string(assessment.level);
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
    for (const auto& [id, step] : sources.steps) {
        const auto dot = id.find('.');
        Json captures = Json::object();
        for (const auto& [name, value] : step.captures) {
            captures[name] = parsed(value);
        }
        const std::string name = dot == std::string::npos ? id : id.substr(dot + 1);
        facts["steps"][id.substr(0, dot)][name] = {{"status", to_string(step.status)},
                                                   {"captures", std::move(captures)}};
    }
    return facts.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace memrb::engine
