#pragma once

#include "incident/load.h"
#include "memrb/assessment.h"
#include "memrb/recovery.h"
#include "memrb/target.h"
#include "wire/target_json.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace memrb::incident {

/// One line of the story. `evidence` names what proves it: an event's number, a file.
struct StoryLine {
    Timestamp at{};
    std::string actor;  ///< `memrb`, `person`, `platform`
    std::string what;
    std::string evidence;
};

struct ReportedCommand {
    Timestamp at{};
    std::string step;
    std::string risk;
    std::vector<std::string> lines;  ///< the request as it was run, verbatim
    std::string end;                 ///< `exit 0`; empty: the record has no end of it
    Milliseconds elapsed{};
    std::string status;
    std::string note;
    std::string output;  ///< the beginning of what it said, as far as the record kept it
    std::uint64_t output_bytes = 0;
    std::string file;
};

struct ReportedDecision {
    Timestamp at{};
    std::string about;
    std::string answer;
    std::string why;
};

/// A moment worth a mark in the chart.
struct ChartMark {
    enum class Kind { oom, restart, revision, step };
    Timestamp at{};
    Kind kind = Kind::step;
    std::string label;
};

/// Memory over time. A NaN is a gap.
struct ChartData {
    std::vector<Point> used;
    std::vector<Point> limit;
    std::vector<Threshold> thresholds;
    std::vector<ChartMark> marks;
};

/// What a report says, as data: built from events alone, nothing is invented.
struct Report {
    std::string id;
    std::string mode;
    std::string version;
    std::string runbook_id;
    std::string runbook_digest;
    std::vector<std::string> command_line;
    Timestamp opened{};
    std::optional<Timestamp> closed;
    std::optional<int> exit_code;
    std::optional<Target> target;
    std::optional<Assessment> first;  ///< diagnosis
    std::optional<Assessment> last;
    Level worst = Level::unknown;
    std::optional<Timestamp> breached;  ///< since when the highest threshold that was breached is
    std::vector<StoryLine> story;
    std::vector<ReportedDecision> decisions;
    std::vector<ReportedCommand> commands;
    std::vector<Criterion> criteria;  ///< as the last watch left them
    std::optional<WatchResult> recovery;
    std::vector<std::string> actions;    ///< notes that begin with TODO
    std::vector<std::string> checklist;  ///< the runbook's own
    ChartData chart;
    std::string head;  ///< of the journal's chain
    std::size_t events = 0;
    std::uint64_t masked = 0;  ///< secrets that the record had masked
    bool torn = false;
};

/// `folder`: where the outputs are; a file that is missing is said in its command's note.
Report make_report(const Record& record, const std::filesystem::path& folder);

/// Puts `target`, `host-1` and the like in the place of the names by which the target can be found.
void redact_names(Report& report);

/// Markdown. `chart`: the file of its chart, beside it; empty: there is none.
std::string to_markdown(const Report& report, const std::string& chart);
/// One file: no script, nothing loaded.
std::string to_html(const Report& report);
/// Schema `memrb/report/v1` (docs/json.md).
wire::Json to_json(const Report& report);

/// An SVG with a title and colours of its own, for light and dark. Empty if there is nothing to draw.
std::string draw_chart(const ChartData& data, const std::string& title);

}  // namespace memrb::incident
