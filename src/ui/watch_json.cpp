#include "wire/watch_json.h"
#include "ui/diagnosis_json.h"
#include "ui/watch_view.h"
#include "wire/parts.h"

namespace memrb::ui {

namespace {

using wire::Json;
using wire::or_null;

Json seen_json(const WatchView::Seen& seen) {
    return {{"at", format_rfc3339(seen.at)},
            {"used_bytes", wire::count_json(seen.used)},
            {"limit_bytes", wire::to_json(seen.limit)},
            {"ratio", wire::number_json(seen.ratio)},
            {"missing", or_null(seen.missing)}};
}

}  // namespace

Json watch_json(const WatchView& view) {
    Json json{{"schema", "memrb/watch/v1"},
              {"incident", or_null(view.incident)},
              {"folder", or_null(view.folder.string())},
              {"at", format_rfc3339(view.began)},
              {"target", target_json(view.target)},
              {"runbook", {{"id", or_null(view.runbook_id)}, {"digest", or_null(view.runbook_digest)}}},
              {"every_ms", view.every.count()},
              {"for_ms", view.lasts.count()},
              {"until", or_null(view.until)}};
    json.update(wire::to_json(view.result.value_or(WatchResult{})));
    json["last"] = view.last ? wire::to_json(*view.last) : Json(nullptr);
    json["samples"] = Json::array();
    for (const auto& seen : view.samples) {
        json["samples"].push_back(seen_json(seen));
    }
    json["samples_left_out"] = view.left_out;
    json["warnings"] = wire::texts_json(view.warnings);
    return json;
}

}  // namespace memrb::ui
