#include "ui/scan_view.h"

#include "base/text.h"
#include "ui/layout.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <functional>

namespace memrb::ui {

namespace {

constexpr std::size_t columns_wanted_for_name = 20;
constexpr std::size_t piece = 1U << 16U;  // written at once

std::string memory_cell(const FleetRow& row) {
    switch (state_of(row)) {
        case FleetState::judged: return format_percent(*row.assessment.ratio);
        case FleetState::no_limit: return "no limit";
        case FleetState::limit_unknown: return "limit unknown";
        case FleetState::stale: return "stale";
        case FleetState::stopped: return "stopped";
        case FleetState::no_data: break;
    }
    return "no data";
}

std::string used_cell(const FleetRow& row) {
    return row.assessment.memory ? format_bytes(row.assessment.memory->used) : "-";
}

std::string limit_cell(const FleetRow& row) {
    const auto* limit = row.assessment.memory ? std::get_if<Bytes>(&row.assessment.memory->limit) : nullptr;
    return limit != nullptr ? format_bytes(*limit) : "-";
}

std::string trend_cell(const FleetRow& row) {
    const Verdict verdict = row.assessment.trend.verdict;
    return verdict == Verdict::insufficient_data ? "-" : std::string(to_string(verdict));
}

std::string rate_cell(const FleetRow& row) {
    const Trend& trend = row.assessment.trend;
    const bool moves =
        trend.verdict == Verdict::growing || trend.verdict == Verdict::sawtooth || trend.verdict == Verdict::falling;
    return moves && trend.slope_bytes_per_hour ? format_rate(*trend.slope_bytes_per_hour) : "-";
}

std::string time_cell(const FleetRow& row) {
    const auto& seconds = row.assessment.trend.seconds_to_limit;
    return seconds ? time_to_limit(*seconds) : "-";
}

std::string oom_cell(const FleetRow& row) {
    const OomAssessment& oom = row.assessment.oom;
    switch (oom.verdict) {
        case OomAssessment::Verdict::confirmed: return counted(oom.count, "kill", "kills");
        case OomAssessment::Verdict::probable: return "probable";
        case OomAssessment::Verdict::none: return "none";
        case OomAssessment::Verdict::unknown: break;
    }
    return "-";
}

// The likeliest cause; a question mark where another one fits nearly as well.
std::string cause_cell(const FleetRow& row) {
    const auto& causes = row.assessment.causes;
    return causes.empty() ? "-" : causes.front().id + (row.assessment.cause_clear ? "" : "?");
}

struct Column {
    std::string_view title;
    std::string (*cell)(const FleetRow&);
    int dispensable;  ///< the higher, the sooner it is left out; 0: never
};

constexpr std::array<Column, 7> all_columns{{{"MEMORY", memory_cell, 0},
                                             {"USED", used_cell, 3},
                                             {"LIMIT", limit_cell, 4},
                                             {"TREND", trend_cell, 0},
                                             {"RATE", rate_cell, 5},
                                             {"LIMIT IN", time_cell, 1},
                                             {"OOM", oom_cell, 2}}};
constexpr Column cause_column{"LIKELY", cause_cell, 1};

std::vector<Column> columns_down_to(int dispensable) {
    std::vector<Column> chosen;
    const auto add = [&](const Column& column) {
        if (column.dispensable <= dispensable) {
            chosen.push_back(column);
        }
    };
    std::for_each(all_columns.begin(), all_columns.end(), add);
    add(cause_column);
    return chosen;
}

struct Table {
    std::vector<Column> columns;
    std::vector<std::size_t> widths;
    std::size_t level = 0;

    [[nodiscard]] std::size_t width() const {
        std::size_t sum = level + 2;
        for (const std::size_t one : widths) {
            sum += one + 2;
        }
        return sum;
    }
};

Table measure(std::span<const FleetRow> rows, std::vector<Column> columns_of_it, const Style& style) {
    Table table{std::move(columns_of_it), {}, std::string_view("LEVEL").size()};
    for (const Column& column : table.columns) {
        table.widths.push_back(column.title.size());
    }
    for (const FleetRow& row : rows) {
        table.level = std::max(table.level, to_string(row.assessment.level).size());
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            table.widths[i] = std::max(table.widths[i], columns(safe(style, table.columns[i].cell(row))));
        }
    }
    return table;
}

// As many columns as leave some room for the name, which is never cut.
Table fitting(std::span<const FleetRow> rows, const Style& style) {
    constexpr int most = 5;
    for (int dispensable = most; dispensable > 0; --dispensable) {
        Table table = measure(rows, columns_down_to(dispensable), style);
        if (style.width <= 0 || table.width() + columns_wanted_for_name <= static_cast<std::size_t>(style.width)) {
            return table;
        }
    }
    return measure(rows, columns_down_to(0), style);
}

std::string line_of(const FleetRow& row, const Table& table, const Style& style) {
    std::string line =
        pad(paint(style, paint_of(row.assessment.level), to_string(row.assessment.level)), table.level + 2);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        line += pad(safe(style, table.columns[i].cell(row)), table.widths[i] + 2);
    }
    return line + safe(style, row.target.name) + '\n';
}

std::string header_of(const Table& table) {
    std::string line = pad("LEVEL", table.level + 2);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        line += pad(table.columns[i].title, table.widths[i] + 2);
    }
    return line + "NAME\n";
}

// Collects lines to pieces of a useful size.
class Pieces {
public:
    explicit Pieces(Sink& out) : out_(out) {}
    Pieces(const Pieces&) = delete;
    Pieces& operator=(const Pieces&) = delete;
    ~Pieces() { out_.write(text_); }

    void add(std::string_view text) {
        text_ += text;
        if (text_.size() >= piece) {
            out_.write(text_);
            text_.clear();
        }
    }

private:
    Sink& out_;
    std::string text_;
};

}  // namespace

std::string scan_summary(const FleetCounts& counts, std::size_t shown) {
    std::vector<std::string> parts;
    const auto add = [&](std::size_t number, std::string_view words) {
        if (number > 0) {
            parts.push_back(fmt::format("{} {}", number, words));
        }
    };
    add(counts.judged, "judged by their limit");
    add(counts.no_limit, "without a limit");
    add(counts.limit_unknown, "whose limit is not known");
    add(counts.stale, "stale");
    add(counts.stopped, "stopped");
    add(counts.no_data, "without data");
    std::string text = counted(counts.total, "container", "containers");
    if (!parts.empty()) {
        text += ": " + base::join(parts, ", ");
    }
    if (counts.left_out > 0) {
        text += fmt::format("; {} left out, being no containers", counts.left_out);
    }
    return shown < counts.total ? text + fmt::format("; {} shown", shown) : text;
}

void write_scan_text(const ScanView& view, const Style& style, Sink& out) {
    Pieces pieces(out);
    if (!view.rows.empty()) {
        const Table table = fitting(view.rows, style);
        pieces.add(header_of(table));
        for (const FleetRow& row : view.rows) {
            pieces.add(line_of(row, table, style));
        }
    }
    pieces.add(wrapped(scan_summary(view.counts, view.rows.size()), style, "", "  "));
}

}  // namespace memrb::ui
