#include "ui/diagnosis_facts.h"
#include "ui/sparkline.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::ui {

namespace {

const Bytes* limit_of(const Assessment& known) {
    return known.memory ? std::get_if<Bytes>(&known.memory->limit) : nullptr;
}

std::string bytes_words(double bytes) {
    return format_bytes(static_cast<Bytes>(std::llround(std::clamp(bytes, 0.0, 1e18))));
}

// What the picture shows, for those who do not see it.
std::string history_words(const DiagnosisView& view) {
    const auto& series = view.assessment.series;
    const auto finite = [](const Point& point) { return std::isfinite(point.value); };
    const auto first = std::find_if(series.begin(), series.end(), finite);
    const auto last = std::find_if(series.rbegin(), series.rend(), finite);
    const auto above = [&](const Point& a, const Point& b) { return !finite(a) || (finite(b) && a.value < b.value); };
    const auto peak = std::max_element(series.begin(), series.end(), above);
    const auto gaps = std::count_if(series.begin(), series.end(), [&](const Point& point) { return !finite(point); });
    std::string text =
        fmt::format("from {} at {} to {} at {}, highest {} at {}", bytes_words(first->value),
                    clock_time(first->at, view.now), bytes_words(last->value), clock_time(last->at, view.now),
                    bytes_words(peak->value), clock_time(peak->at, view.now));
    return gaps == 0 ? text : text + fmt::format(", with {}", counted(static_cast<std::uint64_t>(gaps), "gap", "gaps"));
}

Spark picture_of(const DiagnosisView& view, const Style& style) {
    constexpr std::size_t narrowest = 10;
    constexpr std::size_t widest = 30;
    const auto columns = static_cast<std::size_t>(style.width <= 0 ? 80 : style.width);
    const Bytes* limit = limit_of(view.assessment);
    SparkScale scale;
    if (limit != nullptr) {
        scale.top = static_cast<double>(*limit);
    }
    const std::size_t share = style.key_value() ? columns - std::min<std::size_t>(columns, 12) : columns / 5;
    return sparkline(view.assessment.series, std::clamp(share, narrowest, widest), scale, style.utf8);
}

std::string legend(const Spark& picture, const DiagnosisView& view, const Style& style) {
    std::string text;
    if (limit_of(view.assessment) == nullptr) {
        text = glue("bars up to " + bytes_words(*picture.highest)) + ", the highest seen";
    }
    if (picture.gaps) {
        text += text.empty() ? "" : "; ";
        text += glue(fmt::format("{} no data", style.utf8 ? "·" : "?"));
    }
    return text;
}

// A rate stands for its verdict where its sign says it all.
bool rate_says_it(const Trend& trend) {
    return trend.slope_bytes_per_hour && (trend.verdict == Verdict::growing || trend.verdict == Verdict::falling);
}

std::string rate_words(const Trend& trend) {
    std::string text = format_rate(*trend.slope_bytes_per_hour);
    if (trend.slope_ci90) {
        text += fmt::format(" (90 %: {})", rate_interval(*trend.slope_bytes_per_hour, *trend.slope_ci90));
    }
    return glue(text);
}

std::string trend_words(const Assessment& known, const Style& style) {
    const Trend& trend = known.trend;
    const std::string_view between = style.key_value() ? ", " : "   ";
    if (trend.verdict == Verdict::insufficient_data) {
        return trend.reason.empty() ? std::string(words(trend.verdict))
                                    : fmt::format("{}: {}", words(trend.verdict), safe(style, trend.reason));
    }
    std::string text = rate_says_it(trend) ? rate_words(trend) : std::string(words(trend.verdict));
    if (trend.verdict == Verdict::sawtooth && trend.slope_bytes_per_hour) {
        text += fmt::format("{}{}", between, rate_words(trend));
    }
    if (trend.asymptote_bytes) {
        text += fmt::format("{}{}", between, glue("heading to " + bytes_words(*trend.asymptote_bytes)));
    }
    if (trend.seconds_to_limit) {
        const std::string when = glue("limit in " + time_to_limit(*trend.seconds_to_limit));
        text += fmt::format("{}{}", between, paint(style, Paint::strong, when));
    }
    return text;
}

// What the verdict rests on.
std::string basis_words(const Trend& trend, const Style& style) {
    if (trend.verdict == Verdict::insufficient_data) {
        return {};
    }
    std::string text = rate_says_it(trend) ? std::string(words(trend.verdict)) : "";
    const auto add = [&](std::string_view between, const std::string& part) {
        text += part.empty() ? "" : text.empty() ? part : std::string(between) + part;
    };
    add(": ", safe(style, trend.reason));
    if (trend.samples > 0) {
        add("; ",
            glue(fmt::format("{} over {}", counted(trend.samples, "sample", "samples"), format_duration(trend.span))));
    }
    if (trend.restarts_seen > 0) {
        add(", ", glue(counted(trend.restarts_seen, "restart", "restarts")));
    }
    return text;
}

}  // namespace

void trend_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts) {
    const Assessment& known = view.assessment;
    const Spark picture = picture_of(view, style);
    const bool drawn = !picture.text.empty() && !style.plain;
    if (!picture.text.empty() && style.plain) {
        facts.push_back({"", "history", history_words(view)});
    } else if (drawn && style.key_value()) {
        facts.push_back({"", "history", picture.text});
    }
    const std::string beside = drawn && !style.key_value() ? picture.text + "  " : "";
    facts.push_back({known.memory ? "" : "Trend", "trend", beside + trend_words(known, style),
                     beside.empty() ? 0 : columns(beside)});
    if (const std::string text = basis_words(known.trend, style); !text.empty()) {
        facts.push_back({"", "", style.key_value() ? text : paint(style, Paint::faint, text)});
    }
    if (drawn) {
        if (const std::string text = legend(picture, view, style); !text.empty()) {
            facts.push_back({"", "", text});
        }
    }
}

}  // namespace memrb::ui
