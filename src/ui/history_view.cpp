#include "ui/history_view.h"

#include "base/describe.h"
#include "base/text.h"
#include "ui/layout.h"
#include "ui/step_lines.h"
#include "ui/watch_words.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

namespace memrb::ui {

namespace {

std::string level_text(const HistoryRow& row, const Style& style) {
    return paint(style, paint_of(row.level), to_string(row.level));
}

std::string narrow_row(const HistoryRow& row, const Style& style) {
    std::vector<Fact> facts{{"", "incident", safe(style, row.id)},
                            {"", "at", format_rfc3339(row.at)},
                            {"", "target", glue(safe(style, row.platform + " " + row.target))},
                            {"", "level", level_text(row, style)}};
    facts.push_back({"", "cause", row.cause.empty() ? "none stood out" : safe(style, row.cause)});
    facts.push_back({"", "outcome", safe(style, row.outcome)});
    return lay_out(facts, style);
}

using Cells = std::vector<std::string>;

Cells cells_of(const HistoryRow& row, Timestamp now, bool with_age, const Style& style) {
    const std::string at = format_rfc3339(row.at);
    Cells cells{safe(style, row.id), fmt::format("{} {}Z", at.substr(0, 10), at.substr(11, 5))};
    if (with_age) {
        cells.push_back(row.at <= now ? format_duration(now - row.at) + " ago" : "");
    }
    cells.push_back(
        fmt::format("{} {} {}", safe(style, row.platform), glyph(style, Glyph::dot), safe(style, row.target)));
    cells.push_back(level_text(row, style));
    cells.push_back(row.cause.empty() ? "-" : safe(style, row.cause));
    cells.push_back(safe(style, row.outcome));
    return cells;
}

// Nothing if it does not fit the width.
std::optional<std::string> table_of(std::span<const HistoryRow> rows, Timestamp now, bool with_age,
                                    const Style& style) {
    std::vector<Cells> table{{"ID", "AT"}};
    if (with_age) {
        table.front().emplace_back("AGE");
    }
    table.front().insert(table.front().end(), {"TARGET", "LEVEL", "CAUSE", "OUTCOME"});
    for (const auto& row : rows) {
        table.push_back(cells_of(row, now, with_age, style));
    }
    std::vector<std::size_t> widths(table.front().size());
    for (const auto& cells : table) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths[i] = std::max(widths[i], columns(cells[i]));
        }
    }
    std::string text;
    for (const auto& cells : table) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            line += i + 1 < cells.size() ? pad(cells[i], widths[i] + 2) : cells[i];
        }
        if (style.width > 0 && columns(line) > static_cast<std::size_t>(style.width)) {
            return std::nullopt;
        }
        text += std::string(base::trim(line)) + '\n';
    }
    return text;
}

struct EventWords {
    const Style& style;

    std::string operator()(const IncidentOpened& body) const {
        return fmt::format("opened  {} with {} ({}, memrb {})", safe(style, body.incident),
                           safe(style, body.runbook_id), safe(style, body.mode), safe(style, body.version));
    }
    std::string operator()(const TargetPinned& body) const {
        return "target  " + target_words(body.target, style) +
               (body.target.id.empty() ? "" : " " + safe(style, body.target.id.substr(0, 12)));
    }
    std::string operator()(const StepStarted& body) const { return "start   " + safe(style, body.step); }
    std::string operator()(const StepFinished& body) const {
        const std::string note = safe(style, body.note);
        return fmt::format("end     {}  {}, {}{}", safe(style, body.step), status_word(body.status),
                           glue(format_duration(body.outcome.elapsed)), note.empty() ? "" : ": " + note);
    }
    std::string operator()(const StepSkipped& body) const {
        return fmt::format("not run {}  {}: {}", safe(style, body.step), status_word(body.status),
                           safe(style, body.why));
    }
    std::string operator()(const Assessed& body) const {
        const Assessment& known = body.assessment;
        std::string text = fmt::format("judged  level {}", to_string(known.level));
        text += known.ratio ? glue(fmt::format(", {} of the limit", format_percent(*known.ratio))) : "";
        text += fmt::format(", trend {}, OOM {}", words(known.trend.verdict), to_string(known.oom.verdict));
        return known.cause_clear && !known.causes.empty() ? text + ", likely " + safe(style, known.causes.front().title)
                                                          : text;
    }
    std::string operator()(const OptionChosen& body) const { return "chosen  " + safe(style, body.option); }
    std::string operator()(const Decided& body) const {
        return fmt::format("{}  {}{}{}", safe(style, body.answer), safe(style, body.step), body.why.empty() ? "" : ": ",
                           safe(style, body.why));
    }
    std::string operator()(const NoteAdded& body) const { return "note    " + safe(style, body.text); }
    std::string operator()(const WatchStarted& body) const {
        return fmt::format("watch   every {}, for {}{}", format_exact_duration(body.every),
                           format_exact_duration(body.lasts),
                           body.until.empty() ? "" : ", until " + safe(style, body.until));
    }
    std::string operator()(const WatchSampled& body) const { return "sample  " + watch_words(body.sample, style); }
    std::string operator()(const WatchEnded& body) const {
        const WatchResult& result = body.result;
        return fmt::format("watched {}{}: {}", words(result.recovery), result.stopped ? ", stopped" : "",
                           safe(style, result.why));
    }
    std::string operator()(const Escalated& body) const {
        return fmt::format("escalated {}{}", body.contacts.empty() ? "by a handoff" : "to ",
                           safe(style, base::join(body.contacts, ", ")));
    }
    std::string operator()(const Notified& body) const {
        return fmt::format("notify  {} by {}: {}{}", safe(style, body.contact), safe(style, body.channel),
                           to_string(body.result), body.why.empty() ? "" : ", " + safe(style, body.why));
    }
    std::string operator()(const TaskSet& body) const {
        return fmt::format("{}  {}{}", body.done ? "task done" : "task open", safe(style, body.task),
                           body.note.empty() ? "" : ": " + safe(style, body.note));
    }
    std::string operator()(const IncidentClosed& body) const {
        return fmt::format("closed  exit {}{}", body.exit_code,
                           body.reason.empty() ? "" : ": " + safe(style, body.reason));
    }
};

}  // namespace

std::string help_words(const HelpRow& row, const Style& style) {
    const std::string name = safe(style, row.option);
    const std::string last = format_rfc3339(row.last).substr(0, 10);
    if (row.helped == 0) {
        return fmt::format("{} was tried {}, and nothing tells that it helped; last {}", name,
                           counted(row.tried, "time", "times"), last);
    }
    std::string text = fmt::format("{} helped {}", name, counted(row.helped, "time", "times"));
    text += row.tried > row.helped ? fmt::format(" of {}", row.tried) : "";
    text += row.lasted ? fmt::format(", for {} on average", glue(format_duration(*row.lasted))) : "";
    text += row.until_recovery ? fmt::format("; recovered after {}", glue(format_duration(*row.until_recovery))) : "";
    return text + "; last " + last;
}

std::string render_history(std::span<const HistoryRow> rows, Timestamp now, const Style& style,
                           std::span<const HelpRow> help, bool filtered) {
    if (rows.empty()) {
        return filtered ? "No recorded incident is like this.\n" : "No incidents are recorded yet.\n";
    }
    std::string below;
    for (const auto& row : help) {
        below += wrapped(help_words(row, style), style, "", "  ");
    }
    below = below.empty() ? "" : "\n" + below;
    if (!style.key_value()) {
        for (const bool with_age : {true, false}) {
            if (auto table = table_of(rows, now, with_age, style)) {
                return *table + below;
            }
        }
    }
    Style narrow = style;
    narrow.plain = true;
    std::string text;
    for (const auto& row : rows) {
        text += (text.empty() ? "" : "\n") + narrow_row(row, narrow);
    }
    return text + below;
}

wire::Json history_json(std::span<const HistoryRow> rows, std::span<const HelpRow> help) {
    const auto seconds = [](const std::optional<Milliseconds>& time) {
        return time ? wire::Json(static_cast<double>(time->count()) / 1000.0) : wire::Json(nullptr);
    };
    wire::Json helped = wire::Json::array();
    for (const auto& row : help) {
        helped.push_back({{"option", row.option},
                          {"tried", row.tried},
                          {"helped", row.helped},
                          {"last", format_rfc3339(row.last)},
                          {"lasted_seconds", seconds(row.lasted)},
                          {"until_recovery_seconds", seconds(row.until_recovery)}});
    }
    wire::Json incidents = wire::Json::array();
    for (const auto& row : rows) {
        incidents.push_back({{"id", row.id},
                             {"at", format_rfc3339(row.at)},
                             {"target", row.target},
                             {"platform", row.platform},
                             {"level", to_string(row.level)},
                             {"cause", row.cause.empty() ? wire::Json(nullptr) : wire::Json(row.cause)},
                             {"outcome", row.outcome}});
    }
    return {{"schema", "memrb/history/v1"}, {"incidents", std::move(incidents)}, {"helped", std::move(helped)}};
}

std::string render_timeline(std::span<const Event> events, const Style& style) {
    if (events.empty()) {
        return {};
    }
    const auto day_of = [](const Event& event) { return std::chrono::floor<std::chrono::days>(event.at); };
    const bool one_day = day_of(events.front()) == day_of(events.back());
    std::string text;
    for (const auto& event : events) {
        const std::string full = format_rfc3339(event.at);
        const std::string day = one_day ? "" : full.substr(0, 10) + " ";
        const std::string at = fmt::format("{}{}Z  ", day, full.substr(11, 8));
        text += wrapped(std::visit(EventWords{style}, event.body), style, at, std::string(at.size() + 8, ' '));
    }
    return text;
}

}  // namespace memrb::ui
