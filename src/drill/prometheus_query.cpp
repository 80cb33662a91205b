#include "drill/prometheus_query.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <regex>
#include <span>

namespace memrb::drill {

namespace {

constexpr Milliseconds look_back{5 * 60'000};

using Value = double (*)(const Sample&);
struct Metric {
    std::string_view name;
    Value value;
    bool of_engine;  ///< cAdvisor's, else the application's own
};

constexpr std::array<Metric, 9> metrics{{
    {"container_memory_working_set_bytes", [](const Sample& one) { return one.working_set(); }, true},
    {"container_memory_usage_bytes", [](const Sample& one) { return one.usage; }, true},
    {"container_memory_rss", [](const Sample& one) { return one.anon; }, true},
    {"container_memory_cache", [](const Sample& one) { return one.file(); }, true},
    {"container_spec_memory_limit_bytes", [](const Sample& one) { return one.limit; }, true},
    {"container_start_time_seconds", [](const Sample& one) { return to_unix_seconds(one.started); }, true},
    {"container_oom_events_total", [](const Sample& one) { return one.kills; }, true},
    {"http_requests_total", [](const Sample& one) { return one.requests; }, false},
    {"process_open_fds", [](const Sample& one) { return std::floor(one.connections + 24); }, false},
}};

const Metric* metric_named(std::string_view name) {
    const auto* found =
        std::find_if(metrics.begin(), metrics.end(), [&](const Metric& one) { return one.name == name; });
    return found == metrics.end() ? nullptr : found;
}

bool take(std::string_view& text, std::string_view token) {
    text = base::trim(text);
    if (!text.starts_with(token)) {
        return false;
    }
    text.remove_prefix(token.size());
    return true;
}

std::string take_name(std::string_view& text) {
    text = base::trim(text);
    const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:");
    std::string name(text.substr(0, end));
    text.remove_prefix(name.size());
    return name;
}

std::optional<std::string> take_string(std::string_view& text) {
    if (!take(text, "\"")) {
        return std::nullopt;
    }
    std::string value;
    while (!text.empty() && text.front() != '"') {
        if (text.front() == '\\' && text.size() > 1) {
            text.remove_prefix(1);
        }
        value += text.front();
        text.remove_prefix(1);
    }
    return take(text, "\"") ? std::optional(std::move(value)) : std::nullopt;
}

bool take_matchers(std::string_view& text, PromQuery& query) {
    if (!take(text, "{")) {
        return true;
    }
    while (!take(text, "}")) {
        PromQuery::Matcher matcher;
        matcher.label = take_name(text);
        for (const std::string_view op : {"=~", "!~", "!=", "="}) {
            if (take(text, op)) {
                matcher.op = op;
                break;
            }
        }
        auto value = take_string(text);
        if (matcher.label.empty() || matcher.op.empty() || !value) {
            return false;
        }
        matcher.value = *std::move(value);
        if (matcher.label == "__name__" && matcher.op == "=") {
            query.metric = matcher.value;
        } else {
            query.matchers.push_back(std::move(matcher));
        }
        take(text, ",");
    }
    return true;
}

std::vector<std::pair<std::string, std::string>> labels_of(const World& world, const Container& container,
                                                           const Metric& metric) {
    if (world.scenario().platform == Platform::kubernetes && metric.of_engine) {
        return {{"__name__", std::string(metric.name)},
                {"container", world.service(container.service).spec->name},
                {"id", "/kubepods/burstable/" + container.id},
                {"image", container.version.image},
                {"job", "kubelet"},
                {"namespace", "shop"},
                {"pod", container.name}};
    }
    if (!metric.of_engine) {
        return {{"__name__", std::string(metric.name)}, {"job", "shop"}, {"name", container.name}};
    }
    return {{"__name__", std::string(metric.name)},
            {"id", "/docker/" + container.id},
            {"image", container.version.image},
            {"instance", "cadvisor:8080"},
            {"job", "cadvisor"},
            {"name", container.name}};
}

bool fits(const std::vector<std::pair<std::string, std::string>>& labels, const PromQuery& query) {
    return std::all_of(query.matchers.begin(), query.matchers.end(), [&](const PromQuery::Matcher& matcher) {
        const auto found =
            std::find_if(labels.begin(), labels.end(), [&](const auto& label) { return label.first == matcher.label; });
        const std::string value = found == labels.end() ? std::string() : found->second;
        const bool by_pattern = matcher.op.ends_with('~');
        const bool equal = by_pattern ? std::regex_match(value, std::regex(matcher.value)) : value == matcher.value;
        return equal != matcher.op.starts_with('!');
    });
}

struct Found {
    const Container* container;
    const Metric* metric;
    std::vector<std::pair<std::string, std::string>> labels;
};

std::vector<Found> find_series(const World& world, const PromQuery& query) {
    std::vector<Found> found;
    const Metric* metric = metric_named(query.metric);
    for (const auto& container : world.all()) {
        if (metric != nullptr) {
            auto labels = labels_of(world, container, *metric);
            if (fits(labels, query)) {
                found.push_back({&container, metric, std::move(labels)});
            }
        }
    }
    return found;
}

std::span<const Sample> between(const std::vector<Sample>& samples, Timestamp from, Timestamp to) {
    const auto earlier = [](const Sample& sample, Timestamp at) { return sample.at < at; };
    const auto first = std::lower_bound(samples.begin(), samples.end(), from, earlier);
    const auto last =
        std::upper_bound(first, samples.end(), to, [](Timestamp at, const Sample& sample) { return at < sample.at; });
    return {first, last};
}

// A fall counts as a reset, as Prometheus takes it.
std::optional<double> rate_of(std::span<const Sample> samples, const Metric& metric) {
    if (samples.size() < 2) {
        return std::nullopt;
    }
    double risen = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const double before = metric.value(samples[i - 1]);
        const double now = metric.value(samples[i]);
        risen += now < before ? now : now - before;
    }
    return risen / (static_cast<double>((samples.back().at - samples.front().at).count()) / 1000);
}

std::optional<double> value_at(const Found& found, const PromQuery& query, Timestamp at) {
    const auto samples = between(found.container->samples, at - query.range.value_or(look_back), at);
    if (query.rate) {
        return rate_of(samples, *found.metric);
    }
    const bool gone = found.container->removed && *found.container->removed <= at;
    return samples.empty() || gone ? std::nullopt : std::optional(found.metric->value(samples.back()));
}

}  // namespace

std::optional<PromQuery> read_query(std::string_view text) {
    PromQuery query;
    query.rate = take(text, "rate(");
    query.metric = take_name(text);
    if (!take_matchers(text, query) || query.metric.empty()) {
        return std::nullopt;
    }
    if (take(text, "[")) {
        const std::size_t end = text.find(']');
        const auto range = parse_duration(text.substr(0, end));
        if (end == std::string_view::npos || !range) {
            return std::nullopt;
        }
        query.range = *range;
        text.remove_prefix(end + 1);
    }
    if (query.rate && (!query.range || !take(text, ")"))) {
        return std::nullopt;
    }
    return base::trim(text).empty() ? std::optional(std::move(query)) : std::nullopt;
}

std::vector<PromSeries> ask_at(const World& world, const PromQuery& query, Timestamp at) {
    std::vector<PromSeries> all;
    for (auto& found : find_series(world, query)) {
        PromSeries series;
        if (query.range && !query.rate) {
            for (const Sample& sample : between(found.container->samples, at - *query.range, at)) {
                series.points.emplace_back(sample.at, found.metric->value(sample));
            }
        } else if (const auto value = value_at(found, query, at)) {
            series.points.emplace_back(at, *value);
        }
        series.labels = std::move(found.labels);
        if (query.rate) {
            series.labels.erase(series.labels.begin());  // a rate has no name
        }
        all.push_back(std::move(series));
    }
    return all;
}

std::vector<PromSeries> ask_range(const World& world, const PromQuery& query, Timestamp start, Timestamp end,
                                  Milliseconds step) {
    std::vector<PromSeries> all;
    for (auto& found : find_series(world, query)) {
        PromSeries series;
        for (Timestamp at = start; at <= end; at += step) {
            if (const auto value = value_at(found, query, at)) {
                series.points.emplace_back(at, *value);
            }
        }
        series.labels = std::move(found.labels);
        if (query.rate) {
            series.labels.erase(series.labels.begin());
        }
        all.push_back(std::move(series));
    }
    return all;
}

}  // namespace memrb::drill
