#include "ui/diagnosis_json.h"

#include "base/describe.h"
#include "ui/step_lines.h"
#include "wire/assessment_json.h"
#include "wire/document.h"
#include "wire/parts.h"
#include "wire/watch_json.h"

namespace memrb::ui {

namespace {

using wire::Json;
using wire::or_null;

Json runbook_reference(const DiagnosisView& view) {
    if (view.runbook != nullptr) {
        return {{"id", view.runbook->id}, {"digest", view.runbook->digest}, {"origin", or_null(view.runbook->origin)}};
    }
    return {{"id", or_null(view.runbook_id)}, {"digest", or_null(view.runbook_digest)}, {"origin", nullptr}};
}

Json step_json(const StepRow& step) {
    const auto* outcome = step.outcome ? &*step.outcome : nullptr;
    const auto* exited = outcome == nullptr ? nullptr : std::get_if<Exited>(&outcome->ending);
    Json json = wire::object_for(10);
    json["id"] = step.id;
    json["title"] = step.title;
    json["status"] = to_string(step.status);
    json["exit"] = exited == nullptr ? Json() : Json(exited->code);
    json["ending"] = outcome == nullptr ? Json() : Json(base::describe(outcome->ending));
    json["elapsed_ms"] = outcome == nullptr ? Json() : Json(step.elapsed.count());
    json["output"] = outcome == nullptr ? Json() : or_null(outcome->out.file);
    json["error_output"] = outcome == nullptr ? Json() : or_null(outcome->err.file);
    json["note"] = or_null(step.note);
    json["why"] = or_null(reason(step));
    return json;
}

}  // namespace

Json target_json(const Target& target) {
    return {{"name", target.name},
            {"platform", to_string(target.platform)},
            {"id", or_null(target.id)},
            {"started_at", wire::to_json(target.started_at)},
            {"image", or_null(target.image)},
            {"running", target.running},
            {"found_by", or_null(target.found_by)}};
}

Json diagnosis_json(const DiagnosisView& view) {
    Json json{{"schema", "memrb/diagnosis/v1"},
              {"incident", or_null(view.incident)},
              {"mode", view.mode},
              {"at", format_rfc3339(view.now)},
              {"folder", or_null(view.folder.string())},
              {"target", target_json(view.target)},
              {"runbook", runbook_reference(view)}};
    json.update(wire::to_json(view.assessment));
    json["steps"] = Json::array();
    for (const auto& step : view.steps) {
        json["steps"].push_back(step_json(step));
    }
    json["warnings"] = all_warnings(view);
    json["before"] = view.before;
    return json;
}

wire::Json remedy_json(const RemedyView& view) {
    const auto lines = [](const std::vector<RemedyView::Line>& all) {
        Json list = Json::array();
        for (const auto& line : all) {
            list.push_back({{"id", line.id},
                            {"status", std::string(to_string(line.status))},
                            {"said", line.said},
                            {"warnings", line.warnings}});
        }
        return list;
    };
    const auto bytes = [](const std::optional<Bytes>& amount) { return amount ? Json(*amount) : Json(nullptr); };
    const auto help = helped(view);
    return Json{{"schema", "memrb/remedy/v1"},
                {"option", view.option},
                {"end", view.end},
                {"why", view.why.empty() ? Json(nullptr) : Json(view.why)},
                {"steps", lines(view.steps)},
                {"checks", lines(view.checks)},
                {"before_bytes", bytes(view.before)},
                {"after_bytes", bytes(view.after)},
                {"helped", help ? Json(*help) : Json(nullptr)},
                {"recovery", view.recovery ? wire::to_json(*view.recovery) : Json(nullptr)}};
}

std::string to_text(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace memrb::ui
