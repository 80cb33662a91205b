#include "incident/history.h"

#include "base/text.h"
#include "incident/files.h"
#include "incident/load.h"
#include "wire/event_json.h"

#include <fmt/core.h>
#include <array>

namespace memrb::incident {

namespace {

constexpr std::uint64_t most_journal_bytes = std::uint64_t{256} << 20U;
constexpr int no_data_code = 3;  // ux.md's table; cli/exit_codes.h has all of it
constexpr int declined_code = 5;
constexpr int escalated_code = 8;
constexpr int finding_code = 10;
constexpr int signal_base = 128;

Ended ended_by(int exit_code) {
    switch (exit_code) {
        case 0:
        case finding_code: return Ended::diagnosed;
        case no_data_code: return Ended::no_data;
        case declined_code: return Ended::quit;
        case escalated_code: return Ended::escalated;
        default: return exit_code > signal_base ? Ended::interrupted : Ended::failed;
    }
}

Ended ended_by(Recovery recovery) {
    switch (recovery) {
        case Recovery::recovered: return Ended::recovered;
        case Recovery::not_recovered: return Ended::not_recovered;
        case Recovery::relapsed: return Ended::relapsed;
        case Recovery::unknown: break;
    }
    return Ended::unverified;
}

// An event's kind stands at the beginning of its line, behind its number and its time.
bool is_kind(std::string_view line, std::string_view kind) {
    constexpr std::size_t within = 80;
    return line.substr(0, within).find(fmt::format("\"event\":\"{}\"", kind)) != std::string_view::npos;
}

struct Collector {
    Summary& summary;
    std::optional<Recovery>& watched;  ///< how the last watch ended that nobody stopped

    void operator()(const IncidentOpened& body) const {
        summary.mode = body.mode;
        summary.ended = Ended::open;
        watched.reset();
        summary.exit_code.reset();
    }
    void operator()(const TargetPinned& body) const {
        summary.target = body.target.name;
        summary.platform = to_string(body.target.platform);
    }
    void operator()(const Assessed& body) const {
        summary.level = body.assessment.level;
        summary.cause_clear = body.assessment.cause_clear;
        summary.cause = body.assessment.causes.empty() ? std::string() : body.assessment.causes.front().id;
    }
    void operator()(const WatchSampled& body) const {
        summary.level = body.sample.level == Level::unknown ? summary.level : body.sample.level;
    }
    void operator()(const WatchEnded& body) const {
        watched = body.result.stopped ? std::nullopt : std::optional(body.result.recovery);
    }
    // Afterwards, by `memrb escalate`: what was left at that time goes on elsewhere.
    void operator()(const Escalated&) const {
        summary.ended = summary.ended == Ended::open ? Ended::open : Ended::escalated;
    }
    void operator()(const IncidentClosed& body) const {
        summary.ended = watched && body.exit_code <= signal_base ? ended_by(*watched) : ended_by(body.exit_code);
        summary.exit_code = body.exit_code;
    }
    template <class Other>
    void operator()(const Other&) const {}
};

Result<void> collect(std::string_view line, std::size_t number, const std::filesystem::path& path, Summary& summary,
                     std::optional<Recovery>& watched) {
    const auto broken = [&](const std::string& what) {
        return fail(Fault::failed, fmt::format("{}:{}: {}", base::printable(path.native()), number, what));
    };
    const auto json = wire::parse_json(line, line_limits());
    if (!json) {
        return broken("the line " + json.error().message);
    }
    const auto event = wire::event_from_json(*json);
    if (!event) {
        return broken(event.error().message);
    }
    std::visit(Collector{summary, watched}, event->body);
    return {};
}

}  // namespace

std::string_view to_string(Ended ended) {
    constexpr std::array<std::string_view, 11> words{"open",        "diagnosed",  "no data",   "quit",
                                                     "interrupted", "failed",     "recovered", "not recovered",
                                                     "relapsed",    "unverified", "escalated"};
    const auto index = static_cast<std::size_t>(ended);
    return index < words.size() ? words[index] : "?";
}

Result<Summary> summarize(const Entry& entry) {
    const auto path = journal_path(entry.folder);
    const auto text = read_file(path, most_journal_bytes);
    if (!text) {
        return tl::unexpected(text.error());
    }
    Summary summary;
    summary.id = entry.id;
    summary.folder = entry.folder;
    summary.at = entry.at;
    summary.target = entry.target;
    std::optional<Recovery> watched;
    std::string_view rest = *text;
    for (std::size_t number = 1; rest.find('\n') != std::string_view::npos; ++number) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        if (is_kind(line, "step_finished")) {
            ++summary.steps;
        } else if (is_kind(line, "incident_opened") || is_kind(line, "target_pinned") || is_kind(line, "assessed") ||
                   is_kind(line, "watch_sampled") || is_kind(line, "watch_ended") || is_kind(line, "escalated") ||
                   is_kind(line, "incident_closed")) {
            if (auto collected = collect(line, number, path, summary, watched); !collected && !rest.empty()) {
                return tl::unexpected(collected.error());  // a broken last line is a torn one
            }
        }
    }
    return summary;
}

Result<History> read_history(const Store& store) {
    const auto entries = store.list();
    if (!entries) {
        return tl::unexpected(entries.error());
    }
    History history;
    for (const auto& entry : *entries) {
        if (auto summary = summarize(entry)) {
            history.incidents.push_back(*std::move(summary));
        } else {
            history.warnings.push_back(summary.error().message);
        }
    }
    return history;
}

}  // namespace memrb::incident
