#pragma once

#include "memrb/event.h"
#include "memrb/units.h"
#include "ui/style.h"
#include "wire/target_json.h"

#include <span>
#include <string>

namespace memrb::ui {

/// One incident in the list.
struct HistoryRow {
    std::string id;
    Timestamp at{};
    std::string target;
    std::string platform;
    Level level = Level::unknown;
    std::string cause;    ///< id of the likeliest cause; empty: none stood out
    std::string outcome;  ///< `diagnosed`, `interrupted`, `dry run`, ...
};

/// `memrb history`: rows in the order given.
std::string render_history(std::span<const HistoryRow> rows, Timestamp now, const Style& style);
/// `memrb history -o json`, schema `memrb/history/v1`.
wire::Json history_json(std::span<const HistoryRow> rows);

/// The order of events of one incident, `time  what  detail`. `memrb history ID` shows it below the diagnosis that
/// DiagnosisBuilder collects from the same events.
std::string render_timeline(std::span<const Event> events, const Style& style);

}  // namespace memrb::ui
