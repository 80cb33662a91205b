#include "engine/escalation.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace memrb::engine {

namespace {

// Beyond that no forecast means anything, and it fits every clock.
constexpr double longest_forecast_s = 365.0 * 24 * 3600;

std::optional<Timestamp> earliest_limit(const Standing& standing) {
    if (!standing.assessment) {
        return std::nullopt;
    }
    const Assessment& known = *standing.assessment;
    if (known.level == Level::oom) {
        return standing.assessed;
    }
    const auto& left = known.trend.seconds_to_limit;
    if (!left || !std::isfinite(left->low) || left->low > longest_forecast_s) {
        return std::nullopt;
    }
    const auto span = std::chrono::duration<double>(std::max(left->low, 0.0));
    return standing.assessed + std::chrono::floor<Milliseconds>(span);
}

std::string pull(Timestamp limit_at, const Rung& rung, Timestamp now) {
    const std::string at = "T+" + format_exact_duration(rung.after);
    return limit_at <= now
               ? fmt::format("the limit may have been reached already, before {}", at)
               : fmt::format("the limit may be reached in {}, before {}", format_duration(limit_at - now), at);
}

bool is_separator(char c) {
    return c == ' ' || c == '\t' || c == ':';
}

}  // namespace

LadderFacts ladder_facts(const Standing& standing) {
    LadderFacts facts;
    facts.began = standing.opened;
    facts.limit_at = earliest_limit(standing);
    facts.acted = std::any_of(standing.tried.begin(), standing.tried.end(),
                              [](const TriedStep& step) { return step.answer == "run" || step.answer == "by hand"; });
    for (const auto& message : standing.messages) {
        if (message.body.result == Notified::Result::delivered) {
            facts.notified.insert(message.body.contact);
        }
    }
    return facts;
}

std::vector<RungState> climb(std::span<const Rung> ladder, const LadderFacts& facts, Timestamp now) {
    std::vector<RungState> rungs;
    bool all_due = true;
    for (const auto& rung : ladder) {
        RungState state;
        state.rung = rung;
        state.at = facts.began + rung.after;
        state.due = state.at <= now;
        state.done = rung.notify.empty() ? facts.acted : facts.notified.contains(rung.notify);
        if (!state.due && std::exchange(all_due, false) && facts.limit_at && *facts.limit_at < state.at) {
            state.due = true;
            state.pulled = pull(*facts.limit_at, rung, now);
        }
        rungs.push_back(std::move(state));
    }
    return rungs;
}

const RungState* present_rung(const std::vector<RungState>& rungs) {
    const auto due =
        std::find_if(rungs.rbegin(), rungs.rend(), [](const RungState& rung) { return rung.due && !rung.done; });
    if (due != rungs.rend()) {
        return &*due;
    }
    const auto next = std::find_if(rungs.begin(), rungs.end(), [](const RungState& rung) { return !rung.done; });
    return next == rungs.end() ? nullptr : &*next;
}

bool calls_for_help(const Standing& standing) {
    if (!standing.assessment) {
        return false;  // nothing was judged yet
    }
    const Assessment& known = *standing.assessment;
    const bool killed =
        known.oom.verdict == OomAssessment::Verdict::confirmed || known.oom.verdict == OomAssessment::Verdict::probable;
    return killed || known.level == Level::unknown || known.level >= Level::warning;
}

std::optional<std::string> todo_of(std::string_view note) {
    std::string_view text = base::trim(note);
    while (text.starts_with('#')) {
        text = base::trim(text.substr(1));
    }
    constexpr std::string_view word = "TODO";
    if (!text.starts_with(word) || (text.size() > word.size() && !is_separator(text[word.size()]))) {
        return std::nullopt;
    }
    text.remove_prefix(word.size());
    while (!text.empty() && is_separator(text.front())) {
        text.remove_prefix(1);
    }
    return text.empty() ? std::nullopt : std::optional(std::string(text));
}

std::vector<Task> tasks_of(std::span<const std::string> checklist, const Standing& standing) {
    std::vector<Task> tasks;
    const auto add = [&](const std::string& text, bool from_note) {
        if (std::any_of(tasks.begin(), tasks.end(), [&](const Task& task) { return task.text == text; })) {
            return;
        }
        Task task{text, from_note, false, std::nullopt, {}};
        if (const auto set = standing.tasks.find(text); set != standing.tasks.end()) {
            task.done = set->second.done;
            task.at = set->second.at;
            task.note = set->second.note;
        }
        tasks.push_back(std::move(task));
    };
    for (const auto& text : checklist) {
        add(text, false);
    }
    for (const auto& note : standing.notes) {
        if (const auto text = todo_of(note.text)) {
            add(*text, true);
        }
    }
    for (const auto& [text, state] : standing.tasks) {
        add(text, false);
    }
    return tasks;
}

}  // namespace memrb::engine
