#include "ui/diagnosis_facts.h"
#include "ui/words.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <cctype>

namespace memrb::ui {

namespace {

std::string level_word(Level level, const Style& style) {
    std::string word = level == Level::unknown ? "LEVEL UNKNOWN" : std::string(to_string(level));
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return paint(style, paint_of(level), glue(word));
}

std::string amount(const MemoryReading& memory, const std::optional<double>& ratio) {
    if (const auto* limit = std::get_if<Bytes>(&memory.limit)) {
        const std::string part = part_of(memory.used, *limit);
        return ratio ? fmt::format("{} = {}", part, format_percent(*ratio)) : part;
    }
    const bool none = std::holds_alternative<NoLimit>(memory.limit);
    return fmt::format("{}, {}", format_bytes(memory.used), none ? "no limit is set" : "its limit is not known");
}

// The working set holds no inactive page cache any more: only what is reclaimable beyond that is part of it.
std::optional<Bytes> reclaimable_part(const MemoryReading& memory) {
    if (!memory.reclaimable || !memory.usage || memory.metric != "working set" || *memory.usage < memory.used) {
        return std::nullopt;
    }
    const Bytes left_out = *memory.usage - memory.used;
    return *memory.reclaimable > left_out ? *memory.reclaimable - left_out : 0;
}

std::string metric_words(const MemoryReading& memory, const Style& style) {
    const std::string metric = safe(style, memory.metric);
    const auto part = reclaimable_part(memory);
    return part && *part > 0 ? fmt::format("{}, {} reclaimable", metric, glue(format_bytes(*part) + " of it")) : metric;
}

struct Part {
    std::string_view name;
    std::optional<Bytes> bytes;
};

std::string parts_of(const MemoryReading& memory, const Style& style) {
    const std::string_view between = style.key_value() ? ", " : "   ";
    std::vector<std::string> known;
    std::vector<std::string> missing;
    for (const auto& [name, bytes] :
         {Part{"usage", memory.usage}, Part{memory.metric, memory.used}, Part{"anon", memory.anon},
          Part{"file", memory.file}, Part{"shmem", memory.shmem}, Part{"reclaimable", memory.reclaimable}}) {
        if (bytes) {
            known.push_back(glue(fmt::format("{} {}", safe(style, name), format_bytes(*bytes))));
        } else {
            missing.emplace_back(name);
        }
    }
    if (!missing.empty()) {
        known.push_back("not known: " + base::join(missing, ", "));
    }
    return base::join(known, between);
}

std::string origin_of(const DiagnosisView& view, const MemoryReading& memory, const Style& style) {
    const std::string source = memory.source.empty() ? "" : safe(style, memory.source) + ", ";
    return glue(source + exact_time(memory.at, view.now));
}

// Old numbers look like new ones: their age is said.
void add_age(const DiagnosisView& view, const MemoryReading& memory, const Style& style, std::vector<Fact>& facts) {
    constexpr std::chrono::seconds fresh{60};
    if (view.now - memory.at <= fresh) {
        return;
    }
    const std::string lead = style.key_value() ? "" : "! measured ";
    facts.push_back(
        {"", "measured",
         paint(style, Paint::caution,
               fmt::format("{}{}, {} before {}", lead, glue(exact_time(memory.at, view.now)),
                           glue(format_duration(view.now - memory.at)), view.past ? "the moment asked for" : "now"))});
}

std::string state_words(const ThresholdState& state, const DiagnosisView& view) {
    switch (state.state) {
        case ThresholdState::State::clear: return "clear";
        case ThresholdState::State::breached:
            return state.since ? "above since " + clock_time(*state.since, view.now) : "reached";
        case ThresholdState::State::pending:
            return state.since ? "pending since " + clock_time(*state.since, view.now) : "pending";
        case ThresholdState::State::unknown: break;
    }
    return "not known";
}

Glyph glyph_of(ThresholdState::State state) {
    switch (state) {
        case ThresholdState::State::clear: return Glyph::good;
        case ThresholdState::State::breached: return Glyph::bad;
        case ThresholdState::State::pending: return Glyph::busy;
        case ThresholdState::State::unknown: break;
    }
    return Glyph::unknown;
}

Paint paint_of(const ThresholdState& state) {
    switch (state.state) {
        case ThresholdState::State::clear: return Paint::good;
        case ThresholdState::State::breached: return ui::paint_of(state.threshold.level);
        case ThresholdState::State::pending: return Paint::caution;
        case ThresholdState::State::unknown: break;
    }
    return Paint::none;
}

std::string threshold_words(const ThresholdState& state, const DiagnosisView& view, const Style& style) {
    std::string text = fmt::format("{} {}", threshold_percent(state.threshold.at), to_string(state.threshold.level));
    if (style.plain) {
        text += ": " + state_words(state, view);
    } else {
        text = fmt::format("{} {}", paint(style, paint_of(state), glyph(style, glyph_of(state.state))), text);
        if (state.state == ThresholdState::State::breached && state.since) {
            text += " since " + clock_time(*state.since, view.now);
        } else if (state.state != ThresholdState::State::clear) {
            text += " " + state_words(state, view);
        }
    }
    text = glue(text);
    const bool open = state.state == ThresholdState::State::pending || state.state == ThresholdState::State::unknown;
    if (!open || state.why.empty()) {
        return text;
    }
    constexpr std::size_t short_enough = 24;  // to stand on one line with the threshold
    const std::string why = fmt::format(" ({})", safe(style, state.why));
    return text + (!style.key_value() && columns(why) <= short_enough ? glue(why) : why);
}

// All thresholds are unknown for the same reason: it is said once.
std::optional<std::string> common_gap(const std::vector<ThresholdState>& states) {
    const std::string& why = states.front().why;
    const bool common = std::all_of(states.begin(), states.end(), [&](const ThresholdState& state) {
        return state.state == ThresholdState::State::unknown && state.why == why;
    });
    return common ? std::optional(why) : std::nullopt;
}

}  // namespace

void memory_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts) {
    const Assessment& known = view.assessment;
    if (!known.memory) {
        const std::string why = known.no_memory_why.empty() ? "no step delivered a measurement" : known.no_memory_why;
        const std::string_view pattern = style.key_value() ? "not known, {}, {}" : "not known  {}   {}";
        facts.push_back(
            {"Memory", "memory", fmt::format(fmt::runtime(pattern), level_word(known.level, style), safe(style, why))});
        if (!known.level_why.empty() && known.level_why != why) {
            facts.push_back({"", "level", safe(style, known.level_why)});
        }
        return;
    }
    const MemoryReading& memory = *known.memory;
    facts.push_back(
        {"Memory", "memory",
         fmt::format("{}{} {} {}", paint(style, Paint::strong, glue(amount(memory, known.ratio))),
                     style.key_value() ? "" : " ", level_word(known.level, style) + (style.key_value() ? "," : "  "),
                     metric_words(memory, style))});
    const bool needs_reason = known.level == Level::unknown || known.level == Level::oom;
    if (needs_reason && !known.level_why.empty()) {
        facts.push_back({"", "level", safe(style, known.level_why)});
    }
    add_age(view, memory, style, facts);
    if (style.key_value()) {
        facts.push_back({"", "parts", parts_of(memory, style)});
        facts.push_back({"", "source", origin_of(view, memory, style)});
    } else {
        facts.push_back({"", "", fmt::format("{}   ({})", parts_of(memory, style), origin_of(view, memory, style))});
    }
}

void level_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts) {
    if (view.assessment.thresholds.empty()) {
        return;
    }
    if (const auto why = common_gap(view.assessment.thresholds)) {
        const std::string mark = style.plain ? "" : std::string(glyph(style, Glyph::unknown)) + " ";
        const std::string reason = why->empty() ? "" : ": " + safe(style, *why);
        facts.push_back({"Levels", "levels", fmt::format("{}none can be judged{}", mark, reason)});
        return;
    }
    std::vector<std::string> all;
    for (const auto& state : view.assessment.thresholds) {
        all.push_back(threshold_words(state, view, style));
    }
    if (!style.key_value()) {
        facts.push_back({"Levels", "", base::join(all, "   ")});
        return;
    }
    for (auto& one : all) {
        facts.push_back({"", "level", std::move(one)});
    }
}

}  // namespace memrb::ui
