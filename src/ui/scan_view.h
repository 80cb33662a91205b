#pragma once

#include "memrb/fleet.h"
#include "memrb/units.h"
#include "ui/sink.h"
#include "ui/style.h"
#include "wire/target_json.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace memrb::ui {

/// What `memrb scan` found: rows worst first, already cut to what is to be shown.
struct ScanView {
    std::span<const FleetRow> rows;
    FleetCounts counts;    ///< of all containers, shown or not
    std::string platform;  ///< `prometheus` or `docker`
    std::string source;    ///< its address, without a login
    Timestamp at{};
    std::optional<Milliseconds> range;  ///< Docker has no history
    std::optional<Milliseconds> step;
    std::string runbook_id;
    std::string runbook_digest;
    std::vector<std::string> warnings;
};

/// A table, one line for each container with its name at the end, and a line of counts. Columns that do not fit the
/// width are left out, never cut; width 0 (a pipe) has all of them.
void write_scan_text(const ScanView& view, const Style& style, Sink& out);
/// One document, schema `memrb/scan/v1`; written row by row, so that it is never in memory as a whole.
void write_scan_json(const ScanView& view, Sink& out);
/// One line for each container: the elements of `containers` of the document.
void write_scan_lines(const ScanView& view, Sink& out);

/// `120 containers: 101 judged by their limit, 12 without a limit, 7 without data; 30 other series left out`.
std::string scan_summary(const FleetCounts& counts, std::size_t shown);

wire::Json scan_row_json(const FleetRow& row);
std::string_view word(FleetState state);

}  // namespace memrb::ui
