#include "ui/handoff.h"

#include "base/text.h"
#include "ui/diagnosis_facts.h"
#include "ui/layout.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <algorithm>
#include <cctype>

namespace memrb::ui {

namespace {

// Chats and tickets take UTF-8; control characters and direction marks become visible.
std::string plain(std::string_view untrusted) {
    return base::printable(untrusted);
}

std::string when(Timestamp at, Timestamp now) {
    return clock_time(at, now);
}

std::string_view name_of(std::string_view channel) {
    return channel == "slack" ? "Slack" : channel == "pagerduty" ? "PagerDuty" : channel;
}

std::string span_of(Milliseconds after) {
    return after.count() == 0 ? "T+0" : "T+" + format_exact_duration(after);
}

class Text {
public:
    void line(std::string_view label, const std::string& text) {
        if (!text.empty()) {
            out_ += fmt::format("{}: {}\n", label, text);
        }
    }
    void list(std::string_view label, const std::vector<std::string>& items, std::string_view none) {
        if (items.empty()) {
            line(label, std::string(none));
            return;
        }
        out_ += fmt::format("{}:\n", label);
        for (const auto& item : items) {
            out_ += fmt::format("- {}\n", item);
        }
    }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

std::string upper(std::string_view word) {
    std::string text(word);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

std::string target_line(const Standing& standing) {
    if (!standing.target) {
        return "no target was found";
    }
    const Target& target = *standing.target;
    std::string text = fmt::format("{} on {}", plain(target.name), to_string(target.platform));
    if (target.kube) {
        text += fmt::format(", {} in namespace {}", plain(target.kube->kind), plain(target.kube->name_space));
        text += target.kube->context.empty() ? "" : fmt::format(" of {}", plain(target.kube->context));
    } else if (!target.id.empty()) {
        constexpr std::size_t short_id = 12;
        text += ", container " + plain(target.id.substr(0, short_id));
    }
    return text;
}

std::string state_line(const Handoff& handoff) {
    const Standing& standing = handoff.standing;
    if (!standing.assessment) {
        return "not judged: no diagnosis is on record";
    }
    const Assessment& known = *standing.assessment;
    const std::string level = known.level == Level::unknown ? "LEVEL UNKNOWN" : upper(to_string(known.level));
    if (!known.memory) {
        const std::string why = known.no_memory_why.empty() ? known.level_why : known.no_memory_why;
        return fmt::format("{}, memory is not known: {}", level, plain(why));
    }
    const MemoryReading& memory = *known.memory;
    std::string text = level + ", ";
    if (const auto* limit = std::get_if<Bytes>(&memory.limit)) {
        text += part_of(memory.used, *limit);
        text += known.ratio ? fmt::format(" = {}", format_percent(*known.ratio)) : "";
    } else {
        text +=
            fmt::format("{}, {}", format_bytes(memory.used),
                        std::holds_alternative<NoLimit>(memory.limit) ? "no limit is set" : "its limit is not known");
    }
    return text + fmt::format(" ({}, measured {})", plain(memory.metric), when(memory.at, handoff.now));
}

std::string oom_line(const Handoff& handoff) {
    if (!handoff.standing.assessment) {
        return {};
    }
    const OomAssessment& oom = handoff.standing.assessment->oom;
    std::string text(to_string(oom.verdict));
    if (oom.verdict == OomAssessment::Verdict::none || oom.verdict == OomAssessment::Verdict::unknown) {
        return oom.verdict == OomAssessment::Verdict::none ? "no kill was seen" : "not known";
    }
    text += ": " + counted(oom.count, "kill", "kills");
    text += oom.last_at ? ", last " + when(*oom.last_at, handoff.now) : "";
    std::vector<std::string> sources;
    for (const auto source : oom.confirmed_by) {
        sources.emplace_back(words(source));
    }
    return sources.empty() ? text : fmt::format("{} ({})", text, base::join(sources, ", "));
}

std::string trend_line(const Standing& standing) {
    if (!standing.assessment) {
        return {};
    }
    const Trend& trend = standing.assessment->trend;
    std::string text(words(trend.verdict));
    if (trend.slope_bytes_per_hour && trend.verdict != Verdict::insufficient_data) {
        text += ", " + format_rate(*trend.slope_bytes_per_hour);
    }
    if (trend.seconds_to_limit) {
        text += fmt::format(", limit in {} from then", time_to_limit(*trend.seconds_to_limit));
    }
    return trend.reason.empty() ? text : text + ": " + plain(trend.reason);
}

std::vector<std::string> causes_of(const Standing& standing) {
    std::vector<std::string> all;
    if (!standing.assessment) {
        return all;
    }
    const Assessment& known = *standing.assessment;
    const std::size_t count = causes_shown(known);
    for (std::size_t i = 0; i < count; ++i) {
        const RankedCause& cause = known.causes[i];
        std::string text = fmt::format("{}, {} confidence", plain(cause.title), to_string(cause.confidence));
        std::vector<std::string> evidence;
        for (const auto& line : cause.evidence) {
            evidence.push_back(plain(line));
        }
        all.push_back(evidence.empty() ? text : text + ": " + base::join(evidence, "; "));
    }
    return all;
}

std::string how_it_ended(const TriedStep& step) {
    std::string text;
    if (step.answer == "run" || step.answer == "check") {
        text = step.status  ? std::string(to_string(*step.status))
               : step.begun ? "begun, and its end is not on record: it may or may not have taken effect"
                            : "agreed to, and not begun";
    } else {
        text = step.answer == "skip" ? "left out" : step.answer == "by hand" ? "done by hand" : plain(step.answer);
        text += step.why.empty() ? "" : ": " + plain(step.why);
        return text;
    }
    return step.said.empty() ? text : text + ": " + plain(step.said);
}

std::vector<std::string> tried_of(const Handoff& handoff) {
    std::vector<std::string> all;
    for (const auto& step : handoff.standing.tried) {
        const std::string title = step.title.empty() ? "" : fmt::format(" ({})", plain(step.title));
        all.push_back(fmt::format("{} {}{}{}: {}", when(step.at, handoff.now), step.answer == "check" ? "check " : "",
                                  plain(step.step), title, how_it_ended(step)));
    }
    if (const auto& watched = handoff.standing.watched) {
        all.push_back(fmt::format("watched for recovery: {}{}", to_string(watched->recovery),
                                  watched->why.empty() ? "" : ", " + plain(watched->why)));
    }
    return all;
}

const Callee* callee_of(std::span<const Callee> callees, const std::string& key) {
    const auto found = std::find_if(callees.begin(), callees.end(), [&](const Callee& one) { return one.key == key; });
    return found == callees.end() ? nullptr : &*found;
}

std::string action_of(const RungState& rung) {
    const std::string& notify = rung.rung.notify;
    std::string text = plain(rung.rung.do_);
    text += notify.empty() ? "" : (text.empty() ? "" : "; ") + fmt::format("notify {}", plain(notify));
    return text;
}

std::string time_of(const RungState& rung, Timestamp now) {
    const std::string at = span_of(rung.rung.after);
    if (!rung.due) {
        return fmt::format("{} in {}", at, format_duration(rung.at - now));
    }
    if (!rung.pulled.empty()) {
        return fmt::format("{} is due now ({})", at, rung.pulled);
    }
    constexpr std::chrono::minutes fresh{1};
    return now - rung.at < fresh ? fmt::format("{} is due", at)
                                 : fmt::format("{} is due (for {})", at, format_duration(now - rung.at));
}

std::vector<std::string> next_of(const Handoff& handoff) {
    std::vector<std::string> all;
    for (const auto& rung : handoff.rungs) {
        if (!rung.done) {
            all.push_back(fmt::format("{}: {}", time_of(rung, handoff.now), action_of(rung)));
        }
    }
    if (handoff.standing.assessment) {
        for (const auto& option : handoff.standing.assessment->options) {
            const bool tried = std::any_of(
                handoff.standing.tried.begin(), handoff.standing.tried.end(),
                [&](const TriedStep& step) { return step.step.starts_with(option.id + ".") && step.begun; });
            if (option.suggested && !tried) {
                all.push_back(fmt::format("suggested, not tried: {} ({})", plain(option.title), plain(option.id)));
            }
        }
    }
    return all;
}

std::vector<std::string> callees_of(const Handoff& handoff) {
    std::vector<std::string> all;
    for (const auto& one : handoff.callees) {
        std::string text = fmt::format("{} ({})", plain(one.role.empty() ? one.key : one.role), plain(one.key));
        text += ": " + (one.reach.empty() ? "not configured" : plain(one.reach));
        all.push_back(std::move(text));
    }
    return all;
}

std::vector<std::string> told_of(const Handoff& handoff) {
    std::vector<std::string> all;
    for (const auto& message : handoff.standing.messages) {
        const Notified& told = message.body;
        all.push_back(fmt::format("{} {} by {}: {}{}", when(message.at, handoff.now), plain(told.contact),
                                  name_of(told.channel), to_string(told.result),
                                  told.why.empty() ? "" : ", " + plain(told.why)));
    }
    return all;
}

}  // namespace

std::string render_handoff(const Handoff& handoff) {
    const Standing& standing = handoff.standing;
    const auto age = std::max(handoff.now - standing.opened, Milliseconds{});
    Text text;
    const std::string id = standing.incident.empty() ? "not recorded" : plain(standing.incident);
    text.line("Incident", fmt::format("{}, {}{}", id, target_line(standing),
                                      standing.mode == "live" ? "" : fmt::format(" ({})", plain(standing.mode))));
    text.line("Since",
              fmt::format("{} ({} ago)", format_rfc3339(std::chrono::floor<std::chrono::seconds>(standing.opened)),
                          format_duration(age)));
    text.line("State", state_line(handoff));
    text.line("OOM", oom_line(handoff));
    text.line("Trend", trend_line(standing));
    text.list("Likely", causes_of(standing), "no cause stands out");
    text.line("Evidence", standing.folder.empty() ? "nothing is recorded" : plain(standing.folder.native()));
    text.list("Tried", tried_of(handoff), "nothing yet");
    std::vector<std::string> notes;
    for (const auto& note : standing.notes) {
        notes.push_back(fmt::format("{} {}", when(note.at, handoff.now), plain(note.text)));
    }
    if (!notes.empty()) {
        text.list("Notes", notes, "");
    }
    text.list("Next", next_of(handoff), "the runbook names nothing more");
    std::vector<std::string> reasons;
    for (const auto& reason : handoff.escalate_when) {
        reasons.push_back(plain(reason));
    }
    text.line("Escalate when", base::join(reasons, "; "));
    text.list("Call", callees_of(handoff), "the runbook names nobody");
    if (const auto told = told_of(handoff); !told.empty()) {
        text.list("Notified", told, "");
    }
    for (const auto& warning : handoff.warnings) {
        text.line("Note", plain(warning));
    }
    return text.take();
}

std::string render_rung(const RungState& rung, std::span<const Callee> callees, Timestamp now, const Style& style) {
    std::string text = fmt::format("{}: {}", time_of(rung, now), action_of(rung));
    if (const Callee* callee = callee_of(callees, rung.rung.notify)) {
        text += callee->reach.empty() ? " (not configured)" : fmt::format(" ({})", plain(callee->reach));
    }
    return wrapped(paint(style, rung.due ? Paint::caution : Paint::faint, safe(style, text)), style, "", "  ");
}

std::string render_tasks(std::span<const Task> tasks, Timestamp now, const Style& style) {
    if (tasks.empty()) {
        return "There is nothing to do: the runbook has no checklist, and no note begins with TODO.\n";
    }
    std::string text;
    std::size_t number = 0;
    for (const auto& task : tasks) {
        const std::string_view mark = task.done ? "[x]" : "[ ]";
        const std::string lead = style.plain ? fmt::format("{} {}: ", ++number, task.done ? "done" : "open")
                                             : fmt::format("{} {} ", pad_left(fmt::format("{}", ++number), 2), mark);
        std::string words = safe(style, task.text);
        words += task.from_note ? "  (from a note)" : "";
        words += task.done && task.at ? "  " + glue("done " + clock_time(*task.at, now)) : "";
        words += task.note.empty() ? "" : ": " + safe(style, task.note);
        text += wrapped(words, style, lead, std::string(columns(lead), ' '));
    }
    const auto done =
        static_cast<std::size_t>(std::count_if(tasks.begin(), tasks.end(), [](const Task& task) { return task.done; }));
    return text + fmt::format("{} of {} done\n", done, tasks.size());
}

}  // namespace memrb::ui
