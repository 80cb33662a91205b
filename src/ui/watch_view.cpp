#include "ui/watch_view.h"

#include "base/text.h"
#include "ui/layout.h"
#include "ui/sparkline.h"
#include "ui/watch_chart.h"
#include "ui/watch_words.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <algorithm>
#include <cctype>
#include <chrono>
#include <limits>

namespace memrb::ui {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_samples = 5'000;
constexpr std::size_t widest_chart = 72;

std::string upper(std::string_view text) {
    std::string all(text);
    std::transform(all.begin(), all.end(), all.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return all;
}

std::vector<Point> points_of(const WatchView& view, bool ratios) {
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    std::vector<Point> points;
    for (const auto& seen : view.samples) {
        const auto used = seen.used ? std::optional(static_cast<double>(*seen.used)) : std::nullopt;
        points.push_back({seen.at, (ratios ? seen.ratio : used).value_or(nothing)});
    }
    return points;
}

void head_facts(const WatchView& view, const Style& style, std::vector<Fact>& facts) {
    facts.push_back({"Watch", "watch",
                     fmt::format("{}{}every {}, to hold for {}", target_identity(view.target, view.began, style),
                                 style.key_value() ? ", " : "   ", glue(format_exact_duration(view.every)),
                                 glue(format_exact_duration(view.lasts)))});
}

void memory_facts(const WatchView& view, const Style& style, std::vector<Fact>& facts) {
    if (!view.last) {
        facts.push_back({"Memory", "memory", "being measured"});
        return;
    }
    const WatchSample& last = *view.last;
    const std::string at = glue(view.samples.empty() ? "" : exact_time(view.samples.back().at, view.now));
    const std::string_view between = style.key_value() ? ", " : "   ";
    if (last.used) {
        const std::string level = last.level == Level::unknown ? "LEVEL UNKNOWN" : upper(to_string(last.level));
        facts.push_back({"Memory", "memory",
                         fmt::format("{}{}{}{}{}", paint(style, Paint::strong, glue(used_words(last))), between,
                                     paint(style, ui::paint_of(last.level), glue(level)), between, at)});
    }
    if (!last.missing.empty()) {
        facts.push_back({last.used ? "" : "Memory", last.used ? "missing" : "memory",
                         paint(style, Paint::caution, "no data: ") + safe(style, last.missing) +
                             (last.used ? "" : fmt::format("{}{}", between, at)),
                         0});
    }
}

void chart_facts(const WatchView& view, bool whole, const Style& style, std::vector<Fact>& facts) {
    if (style.plain) {
        return;
    }
    const std::size_t room = style.width > 0 ? static_cast<std::size_t>(style.width) -
                                                   std::min<std::size_t>(10, static_cast<std::size_t>(style.width))
                                             : widest_chart;
    const std::size_t width = std::min(room, widest_chart);
    const auto ratios = points_of(view, true);
    const bool any = std::any_of(ratios.begin(), ratios.end(), [](const Point& point) { return point.value >= 0; });
    if (whole && any && !style.key_value()) {
        for (auto& row : watch_chart(ratios, view.thresholds, width, style)) {
            facts.push_back({"", "", std::move(row), 0, true});
        }
        return;
    }
    const auto points = any ? ratios : points_of(view, false);
    const Spark spark = sparkline(points, width, {any ? std::optional(1.0) : std::nullopt, false}, style.utf8);
    if (!spark.text.empty()) {
        facts.push_back({"", "chart", spark.text, 0, true});
    }
}

std::string mark_of(Criterion::State state, const Style& style) {
    switch (state) {
        case Criterion::State::holds:
            return style.plain ? "yes," : paint(style, Paint::good, glyph(style, Glyph::good));
        case Criterion::State::fails: return style.plain ? "no," : paint(style, Paint::bad, glyph(style, Glyph::bad));
        case Criterion::State::unknown: break;
    }
    return style.plain ? "not known," : paint(style, Paint::caution, glyph(style, Glyph::unknown));
}

void criteria_facts(const WatchView& view, const Style& style, std::vector<Fact>& facts) {
    if (!view.last) {
        return;
    }
    const auto& all = view.last->criteria;
    std::size_t width = 0;
    for (const auto& criterion : all) {
        width = std::max(width, std::min<std::size_t>(columns(safe(style, criterion.says)), 32));
    }
    bool first = true;
    for (const auto& criterion : all) {
        const std::string says = safe(style, criterion.says);
        const std::string held = criterion.held > 0ms ? "for " + format_duration(criterion.held) : "";
        const std::string now = safe(style, criterion.now);
        if (style.key_value()) {
            std::vector<std::string> parts;
            for (const auto& part : {held, now}) {
                if (!part.empty() && (!style.plain || part != "not known")) {  // plain marks are words
                    parts.push_back(part);
                }
            }
            std::string mark = mark_of(criterion.state, style);
            if (parts.empty() && mark.ends_with(',')) {
                mark.pop_back();
            }
            facts.push_back({"", says, base::join(std::vector<std::string>{mark, base::join(parts, ", ")}, " ")});
        } else {
            const std::string lead =
                glue(fmt::format("{} {}  {}  ", mark_of(criterion.state, style), pad(says, width), pad(held, 13)));
            facts.push_back({first ? "Criteria" : "", "", lead + now, 2});
        }
        first = false;
    }
}

void time_facts(const WatchView& view, Milliseconds waited, const Style& style, std::vector<Fact>& facts) {
    const Milliseconds left = view.last ? std::max<Milliseconds>(view.last->left - waited, 0ms) : view.lasts;
    const bool holds = view.last && view.last->missing.empty() &&
                       std::none_of(view.last->criteria.begin(), view.last->criteria.end(),
                                    [](const Criterion& one) { return one.state == Criterion::State::fails; });
    const std::string text = !view.last ? "up to " + format_duration(left)
                             : holds    ? format_duration(left) + " if all of it goes on to hold"
                                        : format_duration(left) + " until the watch is over";
    facts.push_back({"Left", "left", text + (style.key_value() ? "" : "   Ctrl-C ends the watch")});
}

Paint paint_of(Recovery recovery) {
    switch (recovery) {
        case Recovery::recovered: return Paint::good;
        case Recovery::relapsed: return Paint::bad;
        case Recovery::not_recovered:
        case Recovery::unknown: break;
    }
    return Paint::caution;
}

void result_facts(const WatchView& view, const Style& style, std::vector<Fact>& facts) {
    const WatchResult& result = *view.result;
    const std::string word = result.recovery == Recovery::unknown ? "NOT KNOWN" : upper(words(result.recovery));
    facts.push_back(
        {"Result", "result",
         fmt::format(
             "{}{}{}{}", paint(style, paint_of(result.recovery), glue(word)), style.key_value() ? ", " : "   ",
             result.stopped ? fmt::format("stopped after {}, saved; ", glue(format_duration(result.elapsed))) : "",
             safe(style, result.why))});
    for (const auto& caveat : result.caveats) {
        const std::string mark = style.plain ? "" : paint(style, Paint::caution, glyph(style, Glyph::caution)) + " ";
        facts.push_back({"", "caveat", mark + safe(style, caveat), 2});
    }
}

}  // namespace

void WatchBuilder::on_event(const Event& event) {
    if (const auto* opened = std::get_if<IncidentOpened>(&event.body)) {
        view_.incident = opened->incident;
        view_.runbook_id = opened->runbook_id;
        view_.runbook_digest = opened->runbook_digest;
    } else if (const auto* pinned = std::get_if<TargetPinned>(&event.body)) {
        view_.target = pinned->target;
    } else if (const auto* started = std::get_if<WatchStarted>(&event.body)) {
        view_.every = started->every;
        view_.lasts = started->lasts;
        view_.until = started->until;
        view_.began = event.at;
        view_.samples.clear();  // of an earlier watch of the same incident
        view_.left_out = 0;
        view_.last.reset();
        view_.result.reset();
        view_.now = event.at;
    } else if (const auto* sampled = std::get_if<WatchSampled>(&event.body)) {
        const WatchSample& sample = sampled->sample;
        view_.samples.push_back({event.at, sample.used, sample.limit, sample.ratio, sample.missing});
        if (view_.samples.size() > most_samples) {
            view_.samples.erase(view_.samples.begin());
            ++view_.left_out;
        }
        view_.last = sample;
        view_.now = event.at;
    } else if (const auto* ended = std::get_if<WatchEnded>(&event.body)) {
        view_.result = ended->result;
        view_.now = event.at;
    }
}

std::vector<std::string> watch_block(const WatchView& view, Milliseconds waited, int rows, const Style& style) {
    const auto lines_with = [&](bool chart) {
        std::vector<Fact> facts;
        head_facts(view, style, facts);
        memory_facts(view, style, facts);
        chart_facts(view, chart, style, facts);
        criteria_facts(view, style, facts);
        time_facts(view, waited, style, facts);
        std::vector<std::string> lines;
        const std::string text = lay_out(facts, style);
        for (const auto line : base::lines(text)) {
            lines.emplace_back(line);
        }
        return lines;
    };
    const auto room = static_cast<std::size_t>(std::max(rows, 2)) - 1;
    auto lines = lines_with(true);
    if (lines.size() > room) {
        lines = lines_with(false);
    }
    if (lines.size() > room) {
        lines.resize(room);
    }
    return lines;
}

std::string render_watch(const WatchView& view, const Style& style) {
    std::vector<Fact> facts;
    head_facts(view, style, facts);
    memory_facts(view, style, facts);
    chart_facts(view, true, style, facts);
    criteria_facts(view, style, facts);
    if (view.result) {
        result_facts(view, style, facts);
    }
    for (const auto& warning : view.warnings) {
        facts.push_back({"Warning", "warning", safe(style, warning)});
    }
    if (!view.folder.empty()) {
        facts.push_back({"Record", "record", glue(safe(style, view.folder.string()))});
    }
    return lay_out(facts, style);
}

}  // namespace memrb::ui
