#include "actions/fleet_queries.h"

#include "actions/web_address.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

namespace {

// cAdvisor calls a Docker container by the label `name`; in Kubernetes a container has `container`, its pod's own
// cgroup has none, and the pause container is called POD.
constexpr std::string_view docker_shape = R"(name!="",container="",pod="")";
constexpr std::string_view kubernetes_shape = R"(container!="",container!="POD")";

constexpr std::string_view working_set = "container_memory_working_set_bytes";

std::string selector(std::string_view metric, const std::vector<std::string>& matchers, std::string_view shape) {
    std::string text = fmt::format("{}{{", metric);
    for (const auto& matcher : matchers) {
        text += matcher + ",";
    }
    return text + std::string(shape) + "}";
}

// Both kinds of containers. Cheap where one side is empty, as it nearly always is.
std::string both(std::string_view metric, const std::vector<std::string>& matchers) {
    return fmt::format("{} or {}", selector(metric, matchers, docker_shape),
                       selector(metric, matchers, kubernetes_shape));
}

std::string left_out(const std::vector<std::string>& matchers) {
    return fmt::format("count({} or {} or {})", selector(working_set, matchers, R"(container="",name="")"),
                       selector(working_set, matchers, R"(container="POD")"),
                       selector(working_set, matchers, R"(container="",pod!="",name!="")"));
}

std::string seconds(Timestamp at) {
    return fmt::format("{:.3f}", to_unix_seconds(at));
}

// A container that Docker starts again keeps its series: only the value tells of it. Few are, so few are sent.
std::string started_again(const std::vector<std::string>& matchers, const FleetRange& range) {
    constexpr std::string_view metric = "container_start_time_seconds";
    const auto changed = [&](std::string_view shape) {
        return fmt::format("changes({}[{}ms] @ {}) > 0", selector(metric, matchers, shape),
                           (range.end - range.start).count(), seconds(range.end));
    };
    return fmt::format("({}) and ({} or {})", both(metric, matchers), changed(docker_shape), changed(kubernetes_shape));
}

// A service's own metric: many series of one container (paths, status codes) are one load.
std::string load(const std::string& metric, const FleetRange& range) {
    constexpr Milliseconds window{300'000};
    return fmt::format(R"(sum by (cluster,namespace,pod,container,name) (rate({{__name__="{}"}}[{}ms])))", metric,
                       std::max(window, range.step).count());
}

std::string instant(std::string_view base, const std::string& query, const FleetRange& range) {
    return fmt::format("{}/api/v1/query?query={}&time={}", base, encode_query(query), seconds(range.end));
}

std::string over_time(std::string_view base, const std::string& query, const FleetRange& range, int steps) {
    const Milliseconds step = range.step * steps;
    const Timestamp start = range.end - step * ((range.end - range.start) / step);  // the grid ends at the end
    return fmt::format("{}/api/v1/query_range?query={}&start={}&end={}&step={:.3f}", base, encode_query(query),
                       seconds(start), seconds(range.end), static_cast<double>(step.count()) / 1000);
}

bool is_label_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// From one quote to its partner, with nothing after it.
bool is_quoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"') {
        return false;
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            return i + 1 == text.size();
        }
        i += text[i] == '\\' ? 1 : 0;
    }
    return false;
}

}  // namespace

Result<std::string> check_matcher(std::string_view text) {
    const std::string_view trimmed = base::trim(text);
    const std::size_t sign = trimmed.find_first_of("=!");
    if (sign != std::string_view::npos && is_label_name(base::trim(trimmed.substr(0, sign)))) {
        const std::string_view name = base::trim(trimmed.substr(0, sign));
        for (const std::string_view operation : {"=~", "!~", "!=", "="}) {
            if (trimmed.substr(sign).starts_with(operation)) {
                const std::string_view value = base::trim(trimmed.substr(sign + operation.size()));
                if (is_quoted(value)) {
                    return fmt::format("{}{}{}", name, operation, value);
                }
                break;
            }
        }
    }
    return fail(Fault::usage, fmt::format("`{}` is no label matcher", base::printable(text)),
                R"(for example --match 'namespace="prod"' or --match 'name=~"web-.*"')");
}

Result<std::string> check_metric_name(std::string_view text) {
    const std::string_view trimmed = base::trim(text);
    const bool bad = std::any_of(trimmed.begin(), trimmed.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\' || c == '{' || c == '\x7f';
    });
    if (trimmed.empty() || bad || !base::is_utf8(trimmed)) {
        return fail(Fault::usage, fmt::format("`{}` is no name of a metric", base::printable(text)),
                    "for example --set load_metric=http_requests_total");
    }
    return std::string(trimmed);
}

std::string fleet_url(FleetQuery query, std::string_view base, const FleetScope& scope) {
    // Shares of growth and the doubt about page cache need some forty samples of the heap; of the cache only its gain
    // is looked at.
    constexpr int heap_steps = 6;
    constexpr int cache_steps = 24;
    constexpr int oom_steps = 4;
    constexpr int load_steps = 2;
    const auto& [matchers, range, load_metric] = scope;
    switch (query) {
        case FleetQuery::limit: return instant(base, both("container_spec_memory_limit_bytes", matchers), range);
        case FleetQuery::start_time: return instant(base, both("container_start_time_seconds", matchers), range);
        case FleetQuery::starts: return over_time(base, started_again(matchers, range), range, 1);
        case FleetQuery::anon: return over_time(base, both("container_memory_rss", matchers), range, heap_steps);
        case FleetQuery::file: return over_time(base, both("container_memory_cache", matchers), range, cache_steps);
        case FleetQuery::load: return over_time(base, load(load_metric, range), range, load_steps);
        case FleetQuery::oom_events:
            return over_time(base, fmt::format("({}) > 0", both("container_oom_events_total", matchers)), range,
                             oom_steps);
        case FleetQuery::oom_known: return instant(base, both("container_oom_events_total", matchers), range);
        case FleetQuery::left_out: return instant(base, left_out(matchers), range);
        case FleetQuery::working_set_docker:
            return over_time(base, selector(working_set, matchers, docker_shape), range, 1);
        case FleetQuery::working_set_kubernetes:
            return over_time(base, selector(working_set, matchers, kubernetes_shape), range, 1);
    }
    return {};
}

std::vector<FleetQuery> companion_queries(const FleetScope& scope) {
    std::vector<FleetQuery> queries{FleetQuery::limit,      FleetQuery::anon,    FleetQuery::file,
                                    FleetQuery::start_time, FleetQuery::starts,  FleetQuery::oom_known,
                                    FleetQuery::oom_events, FleetQuery::left_out};
    if (!scope.load_metric.empty()) {
        queries.push_back(FleetQuery::load);
    }
    return queries;
}

std::optional<FleetQuery> only_after(FleetQuery query) {
    switch (query) {
        case FleetQuery::starts: return FleetQuery::start_time;
        case FleetQuery::oom_events: return FleetQuery::oom_known;
        default: return std::nullopt;
    }
}

bool calls_for_more(FleetQuery query, double newest, const FleetRange& range) {
    switch (query) {
        case FleetQuery::start_time: return from_unix_seconds(newest) > range.start;
        case FleetQuery::oom_known: return newest > 0;
        default: return false;
    }
}

}  // namespace memrb::actions
