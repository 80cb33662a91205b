#include "actions/kernel_log.h"

#include "actions/ending.h"
#include "actions/engine_api.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <optional>
#include <vector>

namespace memrb::actions {

namespace {

constexpr std::string_view what = "kernel log";

/// A line of the log: the kernel's words and, if the stamp is a date with a zone, their time.
struct LogLine {
    std::optional<Timestamp> at;
    std::string_view words;
};

// `2026-11-21T21:41:36,994441+00:00 ` of dmesg, `2026-11-21T21:41:36+0000 host kernel: ` of journalctl.
std::optional<Timestamp> read_stamp(std::string_view stamp) {
    if (const auto at = parse_rfc3339(stamp)) {
        return *at;
    }
    const std::size_t zone = stamp.size() < 5 ? 0 : stamp.size() - 5;
    if (zone > 0 && (stamp[zone] == '+' || stamp[zone] == '-')) {
        const auto at =
            parse_rfc3339(std::string(stamp.substr(0, zone + 3)) + ":" + std::string(stamp.substr(zone + 3)));
        return at ? std::optional(*at) : std::nullopt;
    }
    return std::nullopt;
}

// Seconds since boot and dates without a zone give no time: when the machine was started is not known here.
LogLine read_line(std::string_view line) {
    if (line.starts_with('[')) {
        const std::size_t end = line.find(']');
        return {std::nullopt, end == std::string_view::npos ? line : base::trim(line.substr(end + 1))};
    }
    const std::size_t blank = line.find(' ');
    const auto at = blank == std::string_view::npos ? std::nullopt : read_stamp(line.substr(0, blank));
    std::string_view words = at ? line.substr(blank + 1) : line;
    constexpr std::string_view sender = " kernel: ";  // journalctl: `HOST kernel: `
    const std::size_t kernel = words.find(sender);
    if (kernel != std::string_view::npos && words.substr(0, kernel).find(' ') == std::string_view::npos) {
        words.remove_prefix(kernel + sender.size());
    }
    return {at, base::trim(words)};
}

// The value of `name=` in a line of comma-separated pairs, or empty.
std::string_view field(std::string_view words, std::string_view name) {
    for (auto part : base::split(words, ',')) {
        part = base::trim(part);
        if (part.starts_with(name) && part.size() > name.size() && part[name.size()] == '=') {
            return part.substr(name.size() + 1);
        }
    }
    return {};
}

// The id as a whole folder name of the path: `/docker/ID`, `docker-ID.scope`, `cri-containerd-ID.scope`.
bool path_holds(std::string_view path, const std::string& id) {
    const std::size_t at = path.find(id);
    if (at == std::string_view::npos) {
        return false;
    }
    const std::string_view before = path.substr(0, at);
    const std::string_view after = path.substr(at + id.size());
    return (before.ends_with('/') || before.ends_with('-')) &&
           (after.empty() || after.starts_with('/') || after.starts_with(".scope"));
}

struct Report {
    std::vector<OomSighting> kills;  // of the target
    std::size_t nameless = 0;        // `Killed process` lines that no report before them explains
    std::optional<Timestamp> since;  // the oldest line
};

class Reader {
public:
    explicit Reader(const std::string& id) : id_(id) {}

    void read(const LogLine& line) {
        if (!report_.since) {
            report_.since = line.at;
        }
        if (line.words.starts_with("oom-kill:")) {
            read_kill(line);
        } else if (line.words.starts_with("Task in ")) {
            read_old_kill(line);
        } else if (line.words.ends_with("due to memory.oom.group set")) {
            explained_ = any_victim;  // all of the group's processes follow
        } else if (const std::size_t at = line.words.find("illed process "); at != std::string_view::npos) {
            read_victim(line.words, at + std::string_view("illed process ").size());
        }
    }

    Report take() { return std::move(report_); }

private:
    // Linux 5.0 and later: `oom-kill:constraint=...,oom_memcg=PATH,task_memcg=PATH,task=NAME,pid=N,uid=N`.
    void read_kill(const LogLine& line) {
        const std::string_view constraint = field(line.words, "oom-kill:constraint");
        const std::string_view limited = field(line.words, "oom_memcg");
        explained_ = field(line.words, "pid");
        add(line, field(line.words, "task_memcg"), limited, constraint == "CONSTRAINT_MEMCG");
    }

    // Before 5.0: `Task in PATH killed as a result of limit of PATH`.
    void read_old_kill(const LogLine& line) {
        constexpr std::string_view begin = "Task in ";
        constexpr std::string_view middle = " killed as a result of limit of ";
        const std::size_t at = line.words.find(middle);
        if (at == std::string_view::npos) {
            return;
        }
        explained_ = any_victim;
        add(line, line.words.substr(begin.size(), at - begin.size()), line.words.substr(at + middle.size()), true);
    }

    void add(const LogLine& line, std::string_view victim, std::string_view limited, bool by_limit) {
        of_target_ = path_holds(victim, id_);
        if (!of_target_) {
            return;
        }
        const OomLevel level = !by_limit                  ? OomLevel::node
                               : path_holds(limited, id_) ? OomLevel::container
                                                          : OomLevel::pod;
        report_.kills.push_back({level, line.at, 1, base::printable(line.words.substr(0, longest_detail))});
    }

    void read_victim(std::string_view words, std::size_t at) {
        const std::string_view pid = words.substr(at, words.find_first_not_of("0123456789", at) - at);
        const bool follows = !explained_.empty() && (explained_ == pid || explained_ == any_victim);
        if (!follows) {
            ++report_.nameless;
        } else if (of_target_ && !report_.kills.empty()) {
            report_.kills.back().detail = base::printable(words.substr(0, longest_detail));
        }
    }

    static constexpr std::size_t longest_detail = 300;
    static constexpr std::string_view any_victim = "?";  // the report does not tell the number

    const std::string& id_;
    Report report_;
    std::string_view explained_;  // the victim of the newest report
    bool of_target_ = false;      // the newest report is about the target
};

// No read permission is the usual case for a normal user (kernel.dmesg_restrict): no failure of the diagnosis.
bool may_not_read(const Outcome& outcome) {
    const auto* not_started = std::get_if<NotStarted>(&outcome.ending);
    return (not_started != nullptr && not_started->denied) ||
           (!outcome.ok() && speaks_of_permission(outcome.err.text()));
}

// `dmesg | grep ...` ends with 1 if nothing is found.
bool found_nothing(const Outcome& outcome) {
    const auto* exited = std::get_if<Exited>(&outcome.ending);
    return exited != nullptr && exited->code == 1 && outcome.out.total == 0 && outcome.err.total == 0;
}

void keep_past(const ActionContext& context, Report& report) {
    std::erase_if(report.kills, [&](const OomSighting& kill) { return !kill.at || *kill.at > context.now; });
}

}  // namespace

Interpretation interpret_kernel_log(const ActionContext& context, const Outcome& outcome) {
    Interpretation result;
    if (may_not_read(outcome)) {
        result.skipped = "no permission to read the kernel log";
        result.readings.emplace_back(NoData{std::string(what), result.skipped});
        return result;
    }
    if (auto why = failure_of(outcome); why && !found_nothing(outcome)) {
        return no_data(std::string(what), *std::move(why));
    }
    if (!is_container_id(context.target.id)) {
        return no_data(std::string(what), "without a container id its kills cannot be told from those of others");
    }
    const std::string text = outcome.out.text();
    Reader reader(context.target.id);
    for (const auto line : base::lines(text)) {
        if (!base::trim(line).empty()) {
            reader.read(read_line(line));
        }
    }
    Report report = reader.take();
    if (context.past) {
        keep_past(context, report);
    }
    if (outcome.out.truncated()) {
        result.warnings.push_back(
            fmt::format("partial: {} of the kernel log are missing", format_bytes(outcome.out.dropped)));
    }
    if (report.kills.empty() && (report.nameless > 0 || outcome.out.truncated())) {
        result.readings.emplace_back(NoData{
            std::string(what), report.nameless > 0
                                   ? fmt::format("{} OOM kills that do not tell their container", report.nameless)
                                   : "too long to be kept, and no kill among what was kept"});
        return result;
    }
    result.note = report.kills.empty()       ? "no kills"
                  : report.kills.size() == 1 ? "1 kill"
                                             : fmt::format("{} kills", report.kills.size());
    result.readings.emplace_back(OomCheck{OomSource::kernel_log, std::move(report.kills), report.since});
    return result;
}

}  // namespace memrb::actions
