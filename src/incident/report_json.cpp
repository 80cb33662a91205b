#include "incident/report.h"

#include "base/text.h"
#include "wire/assessment_json.h"
#include "wire/document.h"
#include "wire/watch_json.h"

#include <array>
#include <cmath>

namespace memrb::incident {

namespace {

using wire::Json;

Json text(const std::string& bytes) {
    return base::to_utf8(bytes);
}

Json texts(const std::vector<std::string>& all) {
    Json list = Json::array();
    for (const auto& one : all) {
        list.push_back(text(one));
    }
    return list;
}

Json time_or_null(const std::optional<Timestamp>& at) {
    return at ? Json(format_rfc3339(*at)) : Json(nullptr);
}

Json points(const std::vector<Point>& all) {
    Json list = Json::array();
    for (const auto& one : all) {
        list.push_back({{"at", format_rfc3339(one.at)},
                        {"bytes", std::isfinite(one.value) && one.value >= 0 ? Json(static_cast<Bytes>(one.value))
                                                                             : Json(nullptr)}});
    }
    return list;
}

Json chart(const ChartData& data) {
    constexpr std::array<const char*, 4> kinds{"oom", "restart", "revision", "step"};
    Json marks = Json::array();
    for (const auto& mark : data.marks) {
        marks.push_back({{"at", format_rfc3339(mark.at)},
                         {"kind", kinds.at(static_cast<std::size_t>(mark.kind))},
                         {"label", text(mark.label)}});
    }
    return {{"used", points(data.used)}, {"limit", points(data.limit)}, {"marks", std::move(marks)}};
}

Json commands(const std::vector<ReportedCommand>& all) {
    Json list = Json::array();
    for (const auto& one : all) {
        list.push_back({{"at", format_rfc3339(one.at)},
                        {"step", text(one.step)},
                        {"status", text(one.status)},
                        {"risk", one.risk.empty() ? Json(nullptr) : text(one.risk)},
                        {"lines", texts(one.lines)},
                        {"end", one.end.empty() ? Json(nullptr) : text(one.end)},
                        {"elapsed_ms", one.elapsed.count()},
                        {"note", text(one.note)},
                        {"output", text(one.output)},
                        {"output_bytes", one.output_bytes},
                        {"file", one.file.empty() ? Json(nullptr) : text(one.file)}});
    }
    return list;
}

}  // namespace

Json to_json(const Report& report) {
    Json story = Json::array();
    for (const auto& line : report.story) {
        story.push_back({{"at", format_rfc3339(line.at)},
                         {"actor", line.actor},
                         {"event", text(line.what)},
                         {"evidence", text(line.evidence)}});
    }
    Json decisions = Json::array();
    for (const auto& one : report.decisions) {
        decisions.push_back({{"at", format_rfc3339(one.at)},
                             {"about", text(one.about)},
                             {"answer", text(one.answer)},
                             {"why", text(one.why)}});
    }
    Json criteria = Json::array();
    for (const auto& one : report.criteria) {
        criteria.push_back({{"says", text(one.says)},
                            {"state", to_string(one.state)},
                            {"now", text(one.now)},
                            {"held_ms", one.held.count()}});
    }
    Json target = nullptr;
    if (report.target) {
        target = {{"name", text(report.target->name)},
                  {"platform", to_string(report.target->platform)},
                  {"started_at", time_or_null(report.target->started_at)}};
    }
    return {{"schema", "memrb/report/v1"},
            {"incident", text(report.id)},
            {"mode", text(report.mode)},
            {"version", text(report.version)},
            {"runbook", {{"id", text(report.runbook_id)}, {"digest", text(report.runbook_digest)}}},
            {"command_line", texts(report.command_line)},
            {"opened", format_rfc3339(report.opened)},
            {"closed", time_or_null(report.closed)},
            {"exit_code", report.exit_code ? Json(*report.exit_code) : Json(nullptr)},
            {"target", std::move(target)},
            {"worst_level", to_string(report.worst)},
            {"breached_since", time_or_null(report.breached)},
            {"first", report.first ? wire::to_json(*report.first) : Json(nullptr)},
            {"last", report.last ? wire::to_json(*report.last) : Json(nullptr)},
            {"timeline", std::move(story)},
            {"decisions", std::move(decisions)},
            {"commands", commands(report.commands)},
            {"criteria", std::move(criteria)},
            {"recovery", report.recovery ? wire::to_json(*report.recovery) : Json(nullptr)},
            {"actions", texts(report.actions)},
            {"checklist", texts(report.checklist)},
            {"chart", chart(report.chart)},
            {"head", report.head.empty() ? Json(nullptr) : Json(report.head)},
            {"events", report.events},
            {"masked", report.masked},
            {"torn", report.torn}};
}

}  // namespace memrb::incident
