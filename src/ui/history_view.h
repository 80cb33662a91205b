#pragma once

#include "memrb/event.h"
#include "memrb/units.h"
#include "ui/style.h"
#include "wire/target_json.h"

#include <cstddef>
#include <optional>
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

/// What an option did for a target in past incidents.
struct HelpRow {
    std::string option;
    std::size_t tried = 0;
    std::size_t helped = 0;
    Timestamp last{};                            ///< when it was last done
    std::optional<Milliseconds> lasted;          ///< until the next incident, on average
    std::optional<Milliseconds> until_recovery;  ///< on average
};
/// `restart helped 3 times of 4, for 2 h on average; recovered after 3 min; last 2026-11-20`.
std::string help_words(const HelpRow& row, const Style& style);

/// `memrb history`: rows in the order given, then what helped. `filtered`: only some of the incidents were asked for.
std::string render_history(std::span<const HistoryRow> rows, Timestamp now, const Style& style,
                           std::span<const HelpRow> help = {}, bool filtered = false);
/// `memrb history -o json`, schema `memrb/history/v1`.
wire::Json history_json(std::span<const HistoryRow> rows, std::span<const HelpRow> help = {});

/// The order of events of one incident, `time  what  detail`. `memrb history ID` shows it below the diagnosis that
/// DiagnosisBuilder collects from the same events.
std::string render_timeline(std::span<const Event> events, const Style& style);

}  // namespace memrb::ui
