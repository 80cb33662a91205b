#include "cli/drill_debrief.h"
#include "wire/parts.h"

namespace memrb::cli {

namespace {

using Json = nlohmann::ordered_json;

Json seconds(const std::optional<Milliseconds>& span) {
    return span ? Json(span->count() / 1000) : Json(nullptr);
}

Json parts_json(const drill::Score& score) {
    Json parts = Json::array();
    for (const auto& part : score.parts) {
        parts.push_back({{"id", part.id}, {"points", part.points}, {"most", part.most}, {"why", part.why}});
    }
    return parts;
}

Json good_path_json(const Scenario& scenario) {
    Json path = Json::array();
    for (const auto& move : scenario.good_path) {
        path.push_back({{"answer", move.answer}, {"why", wire::or_null(move.why)}});
    }
    return path;
}

Json cause_json(const Debrief& debrief) {
    const auto& scenario = debrief.world.scenario();
    const auto& verdicts = debrief.tale.verdicts;
    return {{"true", scenario.cause},
            {"service", scenario.culprit},
            {"named", verdicts.empty() ? Json(nullptr) : Json(verdicts.back().cause)},
            {"named_service", verdicts.empty() ? Json(nullptr) : Json(verdicts.back().service)},
            {"right", debrief.score.to_cause.has_value()},
            {"explanation", scenario.explanation}};
}

}  // namespace

Json looks_json(const drill::Tale& tale) {
    Json looks = Json::array();
    for (const auto& look : tale.looks) {
        looks.push_back({{"at", format_rfc3339(look.at)},
                         {"service", look.service},
                         {"level", to_string(look.level)},
                         {"ratio", look.ratio ? Json(*look.ratio) : Json(nullptr)},
                         {"trend", look.trend},
                         {"cause", wire::or_null(look.first_cause)},
                         {"confidence", wire::or_null(look.confidence)}});
    }
    return looks;
}

Json path_json(const drill::Tale& tale) {
    Json path = Json::array();
    for (const auto& typed : tale.path) {
        path.push_back({{"at", format_rfc3339(typed.at)}, {"answer", typed.answer}});
    }
    return path;
}

Json drill_json(const Debrief& debrief) {
    const auto& score = debrief.score;
    const auto& scenario = debrief.world.scenario();
    return {
        {"schema", "memrb/drill/v1"},
        {"drill", true},
        {"id", scenario.id},
        {"title", scenario.title},
        {"seed", debrief.seed},
        {"alert_at", format_rfc3339(debrief.world.alert_at())},
        {"ended_at", format_rfc3339(debrief.tale.ended)},
        {"end", debrief.tale.end},
        {"score", score.total},
        {"parts", parts_json(score)},
        {"success", score.success},
        {"cause", cause_json(debrief)},
        {"seconds_to",
         {{"cause", seconds(score.to_cause)},
          {"relief", seconds(score.to_relief)},
          {"recovery", seconds(score.to_recovery)},
          {"escalation", seconds(score.escalated)},
          {"escalation_due", seconds(scenario.escalate_by)}}},
        {"disruptions", {{"all", score.disruptions}, {"needless", score.needless}}},
        {"evidence_lost", score.evidence_lost},
        {"oom_kills", debrief.after.kills},
        {"hints", debrief.tale.hints},
        {"afterwards", {{"holds", debrief.after.holds}, {"seconds_to_next_kill", seconds(debrief.after.next_kill)}}},
        {"evidence", looks_json(debrief.tale)},
        {"path", path_json(debrief.tale)},
        {"good_path", good_path_json(scenario)}};
}

}  // namespace memrb::cli
