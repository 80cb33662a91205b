#include "ui/diagnosis_facts.h"
#include "ui/words.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::ui {

namespace {

constexpr std::string_view against_prefix = "against: ";

std::string oom_verdict(const OomAssessment& oom, const Style& style) {
    switch (oom.verdict) {
        case OomAssessment::Verdict::confirmed: return paint(style, Paint::bad, "CONFIRMED");
        case OomAssessment::Verdict::probable: return paint(style, Paint::caution, "PROBABLE");
        case OomAssessment::Verdict::none: return paint(style, Paint::good, glue("none seen"));
        case OomAssessment::Verdict::unknown: break;
    }
    return paint(style, Paint::strong, glue("not known"));
}

std::string oom_summary(const DiagnosisView& view, const Style& style) {
    const OomAssessment& oom = view.assessment.oom;
    const bool happened =
        oom.verdict == OomAssessment::Verdict::confirmed || oom.verdict == OomAssessment::Verdict::probable;
    const auto& restarts = view.assessment.restarts;
    const std::string restarted = restarts ? glue(counted(*restarts, "restart", "restarts")) : "";
    if (!happened) {
        return oom_verdict(oom, style) + (restarted.empty() ? "" : "; " + restarted);
    }
    std::vector<std::string> parts;
    if (oom.count > 0) {
        parts.push_back(glue(counted(oom.count, "kill", "kills")));
    }
    if (oom.last_at) {
        parts.push_back(glue("last " + clock_time(*oom.last_at, view.now)));
    }
    if (const auto where = words(oom.level); !where.empty()) {
        parts.emplace_back(where);
    }
    std::string text = oom_verdict(oom, style);
    text += parts.empty() ? "" : ": " + base::join(parts, ", ");
    std::vector<std::string> sources;
    for (const auto source : oom.confirmed_by) {
        sources.push_back(glue(words(source)));
    }
    if (!sources.empty()) {
        text += fmt::format(" ({}{})", base::join(sources, ", "), sources.size() == 1 ? " only" : "");
    }
    return restarted.empty() ? text : fmt::format("{}; {}", text, restarted);
}

std::vector<std::string> evidence_for(const RankedCause& cause, const Style& style) {
    constexpr std::size_t enough = 2;
    std::vector<std::string> all;
    for (const auto& line : cause.evidence) {
        if (!speaks_against(line) && all.size() < enough) {
            all.push_back(safe(style, line));
        }
    }
    return all;
}

std::size_t widest(std::size_t count, std::size_t least, std::size_t most, auto&& text_at) {
    std::size_t width = least;
    for (std::size_t i = 0; i < count; ++i) {
        width = std::max(width, columns(text_at(i)));
    }
    return std::min(width, most);
}

std::string option_words(const OfferedOption& option, const Style& style) {
    std::vector<std::string> parts;
    if (!option.why.empty()) {
        parts.push_back(safe(style, option.why));
    }
    if (!option.costs.empty()) {
        parts.push_back("costs " + safe(style, option.costs));
    }
    if (option.risk == Risk::irreversible) {
        parts.push_back(paint(style, Paint::bad, "IRREVERSIBLE"));
    }
    return base::join(parts, "; ");
}

void option_fact(std::size_t index, const OfferedOption& option, std::size_t id_width, const Style& style,
                 std::vector<Fact>& facts) {
    const std::string number = fmt::format("{}", index + 1);
    const std::string id = safe(style, option.id);
    const std::string words = option_words(option, style);
    if (style.key_value()) {
        facts.push_back({"", fmt::format("option {} {}", number, id),
                         fmt::format("{}{}", safe(style, option.title), option.suggested ? "; suggested" : "")});
        if (!words.empty()) {
            facts.push_back({"", "", words});
        }
        return;
    }
    const std::string lead = fmt::format("{} {}  ", number, pad(id, id_width));
    const std::string suggested = option.suggested ? paint(style, Paint::strong, "SUGGESTED") + "  " : "";
    facts.push_back({index == 0 ? "Options" : "", "",
                     paint(style, option.suggested ? Paint::strong : Paint::none, glue(lead)) + suggested +
                         (words.empty() ? safe(style, option.title) : words),
                     columns(lead)});
}

void capacity_facts(const Assessment& known, std::vector<Fact>& facts) {
    if (!known.capacity) {
        return;
    }
    const Capacity& carries = *known.capacity;
    const auto size = [](double bytes) { return glue(format_bytes(static_cast<Bytes>(std::llround(bytes)))); };
    std::string text = fmt::format("{} and {} for each request {}{}: ", size(carries.base), size(carries.each),
                                   carries.per_second ? "per second" : "at once", carries.given ? ", as you say" : "");
    text += carries.safe == 0 ? "not one is safe" : fmt::format("up to {} are safe", carries.safe);
    text += fmt::format(", from {} on a risk, from {} critical", carries.risky, carries.critical);
    text += carries.seen ? "" : "; that is more than twice what was seen, so a guess";
    facts.push_back({"Capacity", "capacity", text});
}

}  // namespace

bool speaks_against(const std::string& evidence) {
    return evidence.starts_with(against_prefix);
}

std::size_t causes_shown(const Assessment& assessment) {
    const std::size_t most = assessment.cause_clear ? 3 : 2;
    std::size_t count = 0;
    while (count < std::min(most, assessment.causes.size()) && assessment.causes[count].score > 0) {
        ++count;
    }
    return count;
}

void oom_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts) {
    const OomAssessment& oom = view.assessment.oom;
    facts.push_back({"OOM", "oom", oom_summary(view, style)});
    if (!style.key_value()) {
        std::vector<std::string> lines;
        for (const auto& line : oom.evidence) {
            lines.push_back(safe(style, line));
        }
        if (!lines.empty()) {
            facts.push_back({"", "", base::join(lines, "; ")});
        }
        return;
    }
    for (const auto& line : oom.evidence) {
        facts.push_back({"", "oom evidence", safe(style, line)});
    }
}

void cause_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts) {
    const Assessment& known = view.assessment;
    const std::size_t count = causes_shown(known);
    if (count == 0) {
        facts.push_back({"Likely", "cause", "no cause stands out"});
        return;
    }
    std::string label = "Likely";
    if (!known.cause_clear) {
        facts.push_back(
            {label, "cause",
             count == 1 ? "no cause is clear; what fits best:" : "no single cause is clear; the two that fit best:"});
        label.clear();
    }
    const std::size_t width = widest(count, 12, 32, [&](std::size_t i) { return safe(style, known.causes[i].title); });
    for (std::size_t i = 0; i < count; ++i) {
        const RankedCause& cause = known.causes[i];
        const std::string title = safe(style, cause.title);
        const std::string confidence =
            fmt::format("{}{}", to_string(cause.confidence), style.key_value() ? " confidence" : "");
        const std::string evidence = base::join(evidence_for(cause, style), "; ");
        if (style.key_value()) {
            facts.push_back({"", fmt::format("cause {} {}", i + 1, safe(style, cause.id)),
                             fmt::format("{}; {}{}", title, confidence, evidence.empty() ? "" : "; " + evidence)});
            continue;
        }
        const std::string lead = glue(fmt::format("{} {}  {}  ", i + 1, pad(title, width), pad(confidence, 6)));
        facts.push_back({i == 0 ? label : "", "",
                         (i == 0 && known.cause_clear ? paint(style, Paint::strong, lead) : lead) + evidence,
                         columns(lead)});
    }
}

void option_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts) {
    const auto& options = view.assessment.options;
    const std::size_t width = widest(options.size(), 4, 24, [&](std::size_t i) { return safe(style, options[i].id); });
    for (std::size_t i = 0; i < options.size(); ++i) {
        option_fact(i, options[i], width, style, facts);
    }
    if (view.assessment.right_size) {
        const RightSize& size = *view.assessment.right_size;
        facts.push_back({"Limit", "right size",
                         fmt::format("{} would fit: {}", glue(format_bytes(size.limit)), safe(style, size.why))});
    }
    capacity_facts(view.assessment, facts);
}

void record_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts) {
    for (const auto& line : view.before) {
        facts.push_back({"Before", "before", safe(style, line), 2});
    }
    for (const auto& warning : all_warnings(view)) {
        const std::string mark = style.plain ? "" : paint(style, Paint::caution, glyph(style, Glyph::caution)) + " ";
        facts.push_back({"Warning", "warning", mark + safe(style, warning), 2});
    }
    const std::string runbook = safe(style, view.runbook != nullptr ? view.runbook->id : view.runbook_id);
    const std::string folder = glue(safe(style, view.folder.string()));
    if (style.key_value() || runbook.empty() || folder.empty()) {
        if (!runbook.empty()) {
            facts.push_back({"Runbook", "runbook", runbook});
        }
        if (!folder.empty()) {
            facts.push_back({"Record", "record", folder});
        }
        return;
    }
    facts.push_back({"Runbook", "", fmt::format("{}, recorded in {}", runbook, folder)});
}

}  // namespace memrb::ui
