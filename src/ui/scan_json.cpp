#include "ui/diagnosis_json.h"
#include "ui/scan_view.h"
#include "wire/assessment_json.h"
#include "wire/parts.h"

#include <array>

namespace memrb::ui {

namespace {

using wire::Json;
using wire::or_null;

constexpr std::size_t piece = 1U << 16U;

std::string line_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json label_or_null(const Target& target, const std::string& label) {
    const auto found = target.labels.find(label);
    return found == target.labels.end() || found->second.empty() ? Json(nullptr) : Json(found->second);
}

Json seconds_or_null(const std::optional<Milliseconds>& span) {
    return span ? Json(static_cast<double>(span->count()) / 1000) : Json(nullptr);
}

Json counts_json(const FleetCounts& counts, std::size_t shown) {
    return {{"containers", counts.total},
            {"judged", counts.judged},
            {"no_limit", counts.no_limit},
            {"limit_unknown", counts.limit_unknown},
            {"stale", counts.stale},
            {"stopped", counts.stopped},
            {"no_data", counts.no_data},
            {"left_out", counts.left_out},
            {"shown", shown}};
}

void write_rows(const ScanView& view, std::string_view between, std::string text, std::string_view end, Sink& out) {
    bool first = true;
    for (const FleetRow& row : view.rows) {
        text += first ? "" : between;
        text += line_of(scan_row_json(row));
        first = false;
        if (text.size() >= piece) {
            out.write(text);
            text.clear();
        }
    }
    text += end;
    out.write(text);
}

}  // namespace

std::string_view word(FleetState state) {
    constexpr std::array<std::string_view, 6> words{"judged", "no_limit", "limit_unknown",
                                                    "stale",  "stopped",  "no_data"};
    return words[static_cast<std::size_t>(state)];
}

Json scan_row_json(const FleetRow& row) {
    Json target = target_json(row.target);
    for (const char* label : {"namespace", "pod", "container", "instance"}) {
        target[label] = label_or_null(row.target, label);
    }
    Json json{{"target", std::move(target)}, {"state", word(state_of(row))}};
    json.update(wire::to_json(row.assessment));
    json.erase("series");
    json.erase("thresholds");
    return json;
}

void write_scan_json(const ScanView& view, Sink& out) {
    const Json head{{"schema", "memrb/scan/v1"},
                    {"at", format_rfc3339(view.at)},
                    {"source", {{"platform", view.platform}, {"address", view.source}}},
                    {"runbook", {{"id", or_null(view.runbook_id)}, {"digest", or_null(view.runbook_digest)}}},
                    {"range_seconds", seconds_or_null(view.range)},
                    {"step_seconds", seconds_or_null(view.step)},
                    {"counts", counts_json(view.counts, view.rows.size())},
                    {"warnings", view.warnings}};
    std::string text = line_of(head);
    text.pop_back();
    write_rows(view, ",\n", text + ",\n\"containers\":[\n", "\n]}\n", out);
}

void write_scan_lines(const ScanView& view, Sink& out) {
    write_rows(view, "\n", "", view.rows.empty() ? "" : "\n", out);
}

}  // namespace memrb::ui
