#include "ui/preview_json.h"

#include "base/describe.h"
#include "ui/diagnosis_json.h"
#include "wire/parts.h"

namespace memrb::ui {

namespace {

using wire::Json;
using wire::or_null;

Json step_json(const PreviewStep& one) {
    const StepRow& row = one.row;
    return {{"id", wire::text_json(row.id)},
            {"title", or_null(row.title)},
            {"status", to_string(row.status)},
            {"depends_on", wire::texts_json(one.depends_on)},
            {"when", one.step != nullptr && one.step->when ? wire::text_json(one.step->when->text) : Json(nullptr)},
            {"condition", or_null(one.condition)},
            {"risk", to_string(row.risk)},
            {"requests", row.request ? wire::texts_json(base::describe(*row.request)) : Json::array()},
            {"why", or_null(row.why)}};
}

Json section_json(const PreviewSection& section) {
    Json json{{"part", section.part},
              {"option", or_null(section.option)},
              {"applies", or_null(section.applies)},
              {"title", wire::text_json(section.title)},
              {"steps", Json::array()}};
    for (const auto& step : section.steps) {
        json["steps"].push_back(step_json(step));
    }
    return json;
}

Json rung_json(const PreviewRung& rung) {
    return {{"after_ms", rung.after.count()},
            {"do", or_null(rung.do_)},
            {"notify", or_null(rung.notify)},
            {"channels", wire::texts_json(rung.channels)},
            {"status", rung.notify.empty()     ? Json(nullptr)
                       : rung.channels.empty() ? Json(to_string(StepStatus::skipped))
                                               : Json(to_string(StepStatus::depends))},
            {"depends_on", or_null(rung.depends_on)}};
}

}  // namespace

Json preview_json(const Preview& preview) {
    const DiagnosisView& head = preview.head;
    Json json{{"schema", "memrb/preview/v1"},
              {"mode", head.mode},
              {"at", format_rfc3339(head.now)},
              {"target", target_json(head.target)},
              {"runbook", {{"id", head.runbook_id}, {"digest", head.runbook_digest}}},
              {"sections", Json::array()},
              {"watch", nullptr},
              {"ladder", Json::array()},
              {"warnings", wire::texts_json(head.warnings)}};
    for (const auto& section : preview.sections) {
        json["sections"].push_back(section_json(section));
    }
    if (preview.watch) {
        json["watch"] = {{"every_ms", preview.watch->every.count()},
                         {"for_ms", preview.watch->lasts.count()},
                         {"until", or_null(preview.watch->until)},
                         {"condition", preview.watch->until.empty() ? Json(nullptr) : Json("unknown")}};
    }
    for (const auto& rung : preview.rungs) {
        json["ladder"].push_back(rung_json(rung));
    }
    return json;
}

}  // namespace memrb::ui
