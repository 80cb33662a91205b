#include "cli/scan_options.h"

#include "actions/fleet_queries.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>

namespace memrb::cli {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t usual_samples = 240;
constexpr std::int64_t most_samples = 10'000;  // Prometheus gives 11,000 for one series at most

Result<Milliseconds> parse_span(std::string_view flag, const std::string& text, Milliseconds least, Milliseconds most) {
    const auto span = parse_duration(text);
    if (!span || *span < least || *span > most) {
        return fail(Fault::usage,
                    fmt::format("{}: `{}` is {}", flag, base::printable(text),
                                span ? fmt::format("not within {} and {}", format_exact_duration(least),
                                                   format_exact_duration(most))
                                     : "no duration"),
                    "for example 1h, 30m or 15s");
    }
    return *span;
}

// Whole seconds: that is what scrapes are apart.
Milliseconds step_for(Milliseconds range) {
    const std::int64_t seconds = (range.count() / usual_samples + 999) / 1000;
    return Milliseconds(std::max<std::int64_t>(seconds, 1) * 1000);
}

Result<void> take_range(const ScanFlags& flags, ScanOptions& options) {
    const auto range = parse_span("--range", flags.range, 1min, std::chrono::days(90));
    if (!range) {
        return tl::unexpected(range.error());
    }
    options.range = *range;
    options.step = step_for(*range);
    if (!flags.step.empty()) {
        const auto step = parse_span("--step", flags.step, 1s, *range);
        if (!step) {
            return tl::unexpected(step.error());
        }
        options.step = std::chrono::ceil<std::chrono::seconds>(*step);
    }
    if (options.range / options.step > most_samples) {
        return fail(Fault::usage,
                    fmt::format("--step: {} for each container are too many", options.range / options.step),
                    fmt::format("at most {}: a longer step, or a shorter range", most_samples));
    }
    return {};
}

}  // namespace

Result<ScanOptions> check(const ScanFlags& flags) {
    ScanOptions options;
    options.runbook = flags.runbook;
    options.exit_code = flags.exit_code;
    options.top = static_cast<std::size_t>(flags.top);
    options.format = flags.format == "json" ? Format::json : flags.format == "jsonl" ? Format::jsonl : Format::text;
    if (!flags.platform.empty()) {
        const auto platform = parse_platform(flags.platform);
        if (!platform || (*platform != Platform::docker && *platform != Platform::prometheus)) {
            return fail(Fault::usage,
                        fmt::format("--platform: `{}` cannot be scanned", base::printable(flags.platform)),
                        "docker or prometheus");
        }
        options.platform = *platform;
    }
    for (const auto& text : flags.matchers) {
        auto matcher = actions::check_matcher(text);
        if (!matcher) {
            return tl::unexpected(Error{Fault::usage, "--match: " + matcher.error().message, matcher.error().hint});
        }
        options.matchers.push_back(*std::move(matcher));
    }
    if (!options.matchers.empty() && options.platform == Platform::docker) {
        return fail(Fault::usage, "--match chooses series of Prometheus: it does not go with --platform docker");
    }
    if (!flags.min_level.empty()) {
        const auto level = parse_level(flags.min_level);
        if (!level) {
            return tl::unexpected(Error{Fault::usage, "--min-level: " + level.error().message, level.error().hint});
        }
        options.min_level = *level;
    }
    auto sets = parse_sets(flags.sets);
    if (!sets) {
        return tl::unexpected(sets.error());
    }
    options.sets = *std::move(sets);
    if (auto range = take_range(flags, options); !range) {
        return tl::unexpected(range.error());
    }
    return options;
}

}  // namespace memrb::cli
