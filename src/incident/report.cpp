#include "incident/report.h"

#include "base/describe.h"
#include "base/text.h"
#include "incident/outputs.h"

#include <fmt/core.h>
#include <algorithm>
#include <limits>
#include <map>

namespace memrb::incident {

namespace {

constexpr std::size_t longest_output = 2'000;
constexpr std::size_t most_story = 2'000;

std::string begin_of(std::string text) {
    if (text.size() > longest_output) {
        text.resize(longest_output);
        text = base::to_utf8(text);
    }
    return text;
}

class Builder {
public:
    Builder(const Record& record, const std::filesystem::path& folder) : record_(record), files_(folder) {}

    Report run() {
        report_.events = record_.events.size();
        report_.head = record_.last_hash;
        report_.masked = record_.masked;
        report_.torn = !record_.torn.empty();
        for (const auto& event : record_.events) {
            event_ = &event;
            std::visit(*this, event.body);
        }
        for (const auto& [at, used] : used_) {
            report_.chart.used.push_back({at, used});
        }
        return std::move(report_);
    }

    void operator()(const IncidentOpened& body) {
        if (report_.id.empty()) {
            report_.id = body.incident;
            report_.mode = body.mode;
            report_.version = body.version;
            report_.runbook_id = body.runbook_id;
            report_.runbook_digest = body.runbook_digest;
            report_.command_line = body.command_line;
            report_.opened = event_->at;
        }
        report_.closed.reset();
        report_.exit_code.reset();
        tell("person", "started memrb " + base::join(body.command_line, " "));
    }
    void operator()(const TargetPinned& body) {
        const auto& now = body.target;
        const bool again =
            report_.target && report_.target->id == now.id && report_.target->started_at != now.started_at;
        if (report_.target && (again || report_.target->id != now.id)) {
            mark(now.started_at.value_or(event_->at), ChartMark::Kind::restart, "started anew");
        } else if (report_.target && report_.target->image != now.image) {
            mark(event_->at, ChartMark::Kind::revision, "image " + now.image);
        }
        report_.target = now;
        if (const auto* limit = std::get_if<Bytes>(&now.limit)) {
            report_.chart.limit.push_back({event_->at, static_cast<double>(*limit)});
        }
        tell("memrb", fmt::format("pinned {} {}", to_string(now.platform), now.name));
    }
    void operator()(const StepStarted& body) {
        ReportedCommand command;
        command.at = event_->at;
        command.step = body.step;
        command.risk = to_string(body.risk);
        command.lines = base::describe(body.request);
        open_.insert_or_assign(body.step, report_.commands.size());
        report_.commands.push_back(std::move(command));
        if (body.risk != Risk::read) {
            mark(event_->at, ChartMark::Kind::step, body.step);
            tell("memrb", fmt::format("began {} ({})", body.step, to_string(body.risk)));
        }
    }
    void operator()(const StepFinished& body) {
        const auto found = open_.find(body.step);
        if (found == open_.end()) {
            return;
        }
        auto& command = report_.commands[found->second];
        command.end = base::describe(body.outcome.ending);
        command.elapsed = body.outcome.elapsed;
        command.status = to_string(body.status);
        command.note = body.note;
        add_output(body.outcome, command);
        if (command.risk != to_string(Risk::read)) {
            tell("memrb", fmt::format("{} {}: {}", body.step, command.status, command.end));
        }
        open_.erase(found);
    }
    void operator()(const StepSkipped& body) {
        ReportedCommand command;
        command.at = event_->at;
        command.step = body.step;
        command.status = to_string(body.status);
        command.note = body.why;
        report_.commands.push_back(std::move(command));
    }
    void operator()(const Assessed& body) {
        const auto& found = body.assessment;
        if (!report_.first) {
            report_.first = found;
        }
        report_.last = found;
        report_.worst = std::max(report_.worst, found.level);
        for (const auto& state : found.thresholds) {
            const bool breached = state.state == ThresholdState::State::breached && state.since;
            if (breached && (!report_.breached || *state.since < *report_.breached)) {
                report_.breached = state.since;
            }
        }
        report_.chart.thresholds.clear();
        for (const auto& state : found.thresholds) {
            report_.chart.thresholds.push_back(state.threshold);
        }
        for (const auto& point : found.series) {
            used_[point.at] = point.value;
        }
        if (found.memory) {
            used_[found.memory->at] = static_cast<double>(found.memory->used);
            if (const auto* limit = std::get_if<Bytes>(&found.memory->limit)) {
                report_.chart.limit.push_back({found.memory->at, static_cast<double>(*limit)});
            }
        }
        if (found.oom.last_at) {
            mark(*found.oom.last_at, ChartMark::Kind::oom, "OOM kill");
        }
        tell("memrb", "found level " + std::string(to_string(found.level)) +
                          (found.causes.empty() ? "" : ", likeliest cause " + found.causes.front().id));
    }
    void operator()(const OptionChosen& body) { decided(body.option, "chosen", ""); }
    void operator()(const Decided& body) { decided(body.step, body.answer, body.why); }
    void operator()(const NoteAdded& body) {
        const auto text = base::trim(body.text);
        if (text.starts_with("TODO")) {
            const auto rest = text.substr(4);
            report_.actions.emplace_back(base::trim(rest.starts_with(':') ? rest.substr(1) : rest));
        }
        tell("person", "noted: " + body.text);
    }
    void operator()(const WatchStarted& body) {
        tell("memrb", "began to watch for " + format_exact_duration(body.lasts));
    }
    void operator()(const WatchSampled& body) {
        const auto& sample = body.sample;
        used_[event_->at] = sample.used ? static_cast<double>(*sample.used) : std::numeric_limits<double>::quiet_NaN();
        report_.criteria = sample.criteria;
        report_.worst = std::max(report_.worst, sample.level);
        if (sample.restarts && restarts_ && *sample.restarts > *restarts_) {
            mark(event_->at, ChartMark::Kind::restart, "restart");
            tell("platform", "restarted the container");
        }
        if (sample.oom_kills && kills_ && *sample.oom_kills > *kills_) {
            mark(event_->at, ChartMark::Kind::oom, "OOM kill");
            tell("platform", "killed a process: out of memory");
        }
        restarts_ = sample.restarts ? sample.restarts : restarts_;
        kills_ = sample.oom_kills ? sample.oom_kills : kills_;
        if (const auto* limit = std::get_if<Bytes>(&sample.limit)) {
            report_.chart.limit.push_back({event_->at, static_cast<double>(*limit)});
        }
    }
    void operator()(const WatchEnded& body) {
        report_.recovery = body.result;
        tell("memrb", fmt::format("ended the watch: {}", to_string(body.result.recovery)) +
                          (body.result.why.empty() ? "" : ", " + body.result.why));
    }
    void operator()(const IncidentClosed& body) {
        report_.closed = event_->at;
        report_.exit_code = body.exit_code;
        tell("memrb",
             fmt::format("ended with exit code {}", body.exit_code) + (body.reason.empty() ? "" : ": " + body.reason));
    }
    template <class Other>
    void operator()(const Other& /*of a later memrb*/) {}

private:
    void tell(std::string actor, std::string what) {
        if (report_.story.size() < most_story) {
            report_.story.push_back(
                {event_->at, std::move(actor), std::move(what), fmt::format("event {}", event_->seq)});
        }
    }
    void mark(Timestamp at, ChartMark::Kind kind, std::string label) {
        auto& marks = report_.chart.marks;
        const bool known = std::any_of(marks.begin(), marks.end(),
                                       [&](const ChartMark& one) { return one.at == at && one.kind == kind; });
        if (!known) {
            marks.push_back({at, kind, std::move(label)});
        }
    }
    void decided(const std::string& about, const std::string& answer, const std::string& why) {
        report_.decisions.push_back({event_->at, about, answer, why});
        const bool by_itself = answer == "refused" || (answer.starts_with("found ") && !why.starts_with("said by"));
        tell(by_itself ? "memrb" : "person", fmt::format("{}: {}", about, answer) + (why.empty() ? "" : ", " + why));
    }
    // The first bytes alone: a report stays small whatever a step has said.
    void add_output(const Outcome& outcome, ReportedCommand& command) const {
        for (const Output* output : {&outcome.out, &outcome.err}) {
            command.output_bytes += output->total;
            if (!command.output.empty() || output->total == 0) {
                continue;
            }
            command.file = output->file;
            if (!output->head.empty() || output->file.empty()) {
                command.output = begin_of(output->head);
                continue;
            }
            const auto count = std::min<std::uint64_t>(output->in_file, longest_output + 1);
            const auto bytes = files_.read(output->file, 0, static_cast<std::size_t>(count));
            if (bytes) {
                command.output = begin_of(*bytes);
            } else {
                command.note += (command.note.empty() ? "" : "; ") + bytes.error().message;
            }
        }
    }

    const Record& record_;
    FolderFiles files_;
    Report report_;
    const Event* event_ = nullptr;
    std::map<std::string, std::size_t> open_;
    std::map<Timestamp, double> used_;
    std::optional<std::uint64_t> restarts_;
    std::optional<std::uint64_t> kills_;
};

using Renames = std::vector<std::pair<std::string, std::string>>;

void rename(std::string& text, const Renames& names) {
    for (const auto& [from, to] : names) {
        text = base::replace_all(std::move(text), from, to);
    }
}

}  // namespace

Report make_report(const Record& record, const std::filesystem::path& folder) {
    return Builder(record, folder).run();
}

void redact_names(Report& report) {
    if (!report.target) {
        return;
    }
    Renames names;
    const auto add = [&](const std::string& from, const std::string& to) {
        if (from.size() > 1) {
            names.emplace_back(from, to);
        }
    };
    Target& target = *report.target;
    add(target.id, "target-id");
    add(target.id.substr(0, 12), "target-id");
    if (target.compose) {
        add(target.compose->working_dir, "folder");
        add(target.compose->project, "project");
        add(target.compose->service, "service");
    }
    if (target.kube) {
        add(target.kube->context, "context");
        add(target.kube->name_space, "namespace");
        add(target.kube->container, "container");
    }
    add(target.image, "image");
    add(target.name, "target");
    std::stable_sort(names.begin(), names.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    const auto all = [&](std::vector<std::string>& texts) {
        for (auto& text : texts) {
            rename(text, names);
        }
    };
    Target anonymous;
    anonymous.name = "target";
    anonymous.platform = target.platform;
    anonymous.started_at = target.started_at;
    target = std::move(anonymous);
    all(report.command_line);
    for (auto& line : report.story) {
        rename(line.what, names);
    }
    for (auto& decision : report.decisions) {
        rename(decision.about, names);
        rename(decision.why, names);
    }
    for (auto& command : report.commands) {
        all(command.lines);
        rename(command.note, names);
        rename(command.output, names);
    }
    for (auto* found : {&report.first, &report.last}) {
        if (*found) {
            for (auto& cause : (*found)->causes) {
                all(cause.evidence);
            }
            all((*found)->oom.evidence);
            all((*found)->warnings);
            rename((*found)->level_why, names);
        }
    }
    for (auto& mark : report.chart.marks) {
        rename(mark.label, names);
    }
    all(report.actions);
}

}  // namespace memrb::incident
