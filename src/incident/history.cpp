#include "incident/history.h"

#include "base/text.h"
#include "incident/files.h"
#include "incident/index.h"
#include "incident/load.h"
#include "wire/event_json.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb::incident {

namespace {

constexpr std::uint64_t most_journal_bytes = std::uint64_t{256} << 20U;
constexpr int no_data_code = 3;  // ux.md's table; cli/exit_codes.h has all of it
constexpr int declined_code = 5;
constexpr int unverified_code = 6;
constexpr int escalated_code = 8;
constexpr int finding_code = 10;
constexpr int signal_base = 128;

Ended ended_by(int exit_code) {
    switch (exit_code) {
        case 0:
        case finding_code: return Ended::diagnosed;
        case no_data_code: return Ended::no_data;
        case declined_code: return Ended::quit;
        case unverified_code: return Ended::unverified;
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

bool is_of(std::string_view line, const std::string& step) {
    return !step.empty() && line.find(fmt::format("\"step\":\"{}\"", step)) != std::string_view::npos;
}

// What is known of an incident while its lines are read.
struct Progress {
    std::optional<Recovery> watched;  ///< how the last watch ended that nobody stopped
    std::string agreed;               ///< the step that was agreed to last
    Level level_before = Level::unknown;
};

struct Collector {
    Summary& summary;
    Progress& progress;
    Timestamp at;

    void operator()(const IncidentOpened& body) const {
        summary.mode = body.mode;
        summary.ended = Ended::open;
        progress.watched.reset();
        summary.exit_code.reset();
    }
    void operator()(const TargetPinned& body) const {
        summary.target = body.target.name;
        summary.platform = to_string(body.target.platform);
    }
    void operator()(const Assessed& body) const {
        summary.level = body.assessment.level;
        summary.cause_clear = body.assessment.cause_clear;
        if (!summary.changed_at) {  // afterwards the cause may be gone
            summary.cause = body.assessment.causes.empty() ? std::string() : body.assessment.causes.front().id;
        } else if (!summary.until_recovery && summary.level != Level::unknown) {
            summary.helped = summary.level < progress.level_before;
        }
    }
    void operator()(const Decided& body) const {
        progress.agreed = body.answer == "run" ? body.step : std::string();
        if (body.answer == "by hand" || body.answer == "found done") {
            changed(body.step);
        }
    }
    void operator()(const StepFinished& body) const {
        if (body.step == progress.agreed && body.status == StepStatus::ok) {
            changed(body.step);
        }
    }
    void operator()(const WatchSampled& body) const {
        summary.level = body.sample.level == Level::unknown ? summary.level : body.sample.level;
    }
    void operator()(const WatchEnded& body) const {
        progress.watched = body.result.stopped ? std::nullopt : std::optional(body.result.recovery);
        if (!progress.watched || !summary.changed_at) {
            return;
        }
        summary.helped = body.result.recovery == Recovery::recovered;
        summary.until_recovery.reset();
        if (*summary.helped) {
            const auto whole = std::chrono::duration_cast<Milliseconds>(at - *summary.changed_at);
            summary.until_recovery = std::max(whole - body.result.held, Milliseconds{});
        }
    }
    // Afterwards, by `memrb escalate`: what was left at that time goes on elsewhere.
    void operator()(const Escalated&) const {
        summary.ended = summary.ended == Ended::open ? Ended::open : Ended::escalated;
    }
    void operator()(const IncidentClosed& body) const {
        summary.ended =
            progress.watched && body.exit_code <= signal_base ? ended_by(*progress.watched) : ended_by(body.exit_code);
        summary.exit_code = body.exit_code;
    }
    template <class Other>
    void operator()(const Other&) const {}

private:
    void changed(const std::string& step) const {
        const std::string option = step.substr(0, step.find('.'));
        if (!summary.changed_at || option != summary.option) {
            progress.level_before = summary.level;
        }
        summary.option = option;
        summary.changed_at = at;
        summary.helped.reset();
        summary.until_recovery.reset();
    }
};

Result<void> collect(std::string_view line, std::size_t number, const std::filesystem::path& path, Summary& summary,
                     Progress& progress) {
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
    std::visit(Collector{summary, progress, event->at}, event->body);
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
    Progress progress;
    std::string_view rest = *text;
    for (std::size_t number = 1; rest.find('\n') != std::string_view::npos; ++number) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        const bool end = is_kind(line, "step_finished");
        summary.steps += end ? 1U : 0U;
        if ((end && is_of(line, progress.agreed)) || is_kind(line, "decided") || is_kind(line, "incident_opened") ||
            is_kind(line, "target_pinned") || is_kind(line, "assessed") || is_kind(line, "watch_sampled") ||
            is_kind(line, "watch_ended") || is_kind(line, "escalated") || is_kind(line, "incident_closed")) {
            if (auto collected = collect(line, number, path, summary, progress); !collected && !rest.empty()) {
                return tl::unexpected(collected.error());  // a broken last line is a torn one
            }
        }
    }
    return summary;
}

Result<Ended> parse_outcome(std::string_view text) {
    std::string wanted(text);
    std::replace(wanted.begin(), wanted.end(), '-', ' ');
    std::vector<std::string> known;
    for (int i = 0; to_string(static_cast<Ended>(i)) != "?"; ++i) {
        known.emplace_back(to_string(static_cast<Ended>(i)));
        if (known.back() == wanted) {
            return static_cast<Ended>(i);
        }
    }
    return fail(Fault::usage,
                fmt::format("there is no outcome `{}`{}", base::printable(text), base::did_you_mean(wanted, known)),
                "there is: " + base::join(known, ", "));
}

Result<History> read_history(const Store& store, const HistoryFilter& filter) {
    const auto entries = store.list();
    if (!entries) {
        return tl::unexpected(entries.error());
    }
    // What the folder's name tells of the target, so that not every incident has to be looked at.
    const auto named = parse_folder_name(folder_name({}, filter.target, "aaaa"));
    History history;
    for (const auto& entry : *entries) {
        if ((filter.since && entry.at < *filter.since) || (filter.until && entry.at >= *filter.until) ||
            (!filter.target.empty() && named && entry.target != named->target)) {
            continue;
        }
        auto summary = indexed_summary(entry);
        if (!summary) {
            history.warnings.push_back(summary.error().message);
        } else if ((filter.target.empty() || summary->target == filter.target) &&
                   (filter.cause.empty() || summary->cause == filter.cause) &&
                   (!filter.outcome || summary->ended == *filter.outcome)) {
            history.incidents.push_back(*std::move(summary));
        }
    }
    return history;
}

}  // namespace memrb::incident
