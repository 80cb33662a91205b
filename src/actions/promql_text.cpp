#include "actions/promql_text.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <vector>

namespace memrb::actions {

namespace {

struct RoleWord {
    std::string_view word;
    SeriesRole role;
};

constexpr auto role_words = std::to_array<RoleWord>({{"memory", SeriesRole::memory},
                                                     {"limit", SeriesRole::limit},
                                                     {"usage", SeriesRole::usage},
                                                     {"anon", SeriesRole::anon},
                                                     {"file", SeriesRole::file},
                                                     {"load", SeriesRole::load},
                                                     {"descriptors", SeriesRole::descriptors},
                                                     {"restarts", SeriesRole::restarts},
                                                     {"oom_events", SeriesRole::oom_events},
                                                     {"start_time", SeriesRole::start_time},
                                                     {"other", SeriesRole::other}});

// Metrics of cAdvisor, kube-state-metrics and the client libraries.
constexpr auto metric_roles =
    std::to_array<RoleWord>({{"container_memory_working_set_bytes", SeriesRole::memory},
                             {"container_spec_memory_limit_bytes", SeriesRole::limit},
                             {"container_memory_usage_bytes", SeriesRole::usage},
                             {"container_memory_rss", SeriesRole::anon},
                             {"container_memory_cache", SeriesRole::file},
                             {"container_oom_events_total", SeriesRole::oom_events},
                             {"container_start_time_seconds", SeriesRole::start_time},
                             {"container_file_descriptors", SeriesRole::descriptors},
                             {"process_open_fds", SeriesRole::descriptors},
                             {"kube_pod_container_status_restarts_total", SeriesRole::restarts}});

// Functions and aggregations that leave the unit as it is.
constexpr auto keeps_unit = std::to_array<std::string_view>(
    {"sum", "max", "min", "avg", "topk", "bottomk", "max_over_time", "min_over_time", "avg_over_time", "sort",
     "sort_desc", "last_over_time", "quantile", "label_replace", "quantile_over_time", "label_join"});
constexpr auto per_second = std::to_array<std::string_view>({"rate", "irate"});
constexpr auto grouping = std::to_array<std::string_view>(
    {"by", "without", "on", "ignoring", "group_left", "group_right", "offset", "bool", "and", "or", "unless"});
constexpr auto joining = std::to_array<std::string_view>({"on", "ignoring", "group_left", "group_right"});

template <class Words>
bool among(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool starts_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

bool in_name(char c) {
    return starts_name(c) || (c >= '0' && c <= '9');
}

// The index behind the quoted string that begins at `at`, or npos if it never ends.
std::size_t skip_string(std::string_view query, std::size_t at) {
    const char quote = query[at];
    for (++at; at < query.size(); ++at) {
        if (query[at] == '\\' && quote != '`') {
            ++at;
        } else if (query[at] == quote) {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

bool is_quote(char c) {
    return c == '"' || c == '\'' || c == '`';
}

// The index behind the `}` or `]` that closes what opens at `at`, quotes respected, or npos.
std::size_t skip_brackets(std::string_view query, std::size_t at, char close) {
    for (++at; at < query.size();) {
        if (is_quote(query[at])) {
            at = skip_string(query, at);
            if (at == std::string_view::npos) {
                return at;
            }
        } else if (query[at++] == close) {
            return at;
        }
    }
    return std::string_view::npos;
}

struct Words {
    std::vector<std::string_view> functions;  // names with a `(`
    std::vector<std::string_view> metrics;
    bool calculates = false;  // an operator between two values
    bool broken = false;
};

std::string_view read_name(std::string_view query, std::size_t& at) {
    const std::size_t begin = at;
    while (at < query.size() && in_name(query[at])) {
        ++at;
    }
    return query.substr(begin, at - begin);
}

// Numbers and durations: `0.99`, `1e6`, `5m`.
std::size_t skip_number(std::string_view query, std::size_t at) {
    return std::min(query.find_first_not_of("0123456789.emshdwy", at), query.size());
}

// A name is a function if `(` follows, though `sum by (name) (...)` puts words in between.
void sort_in(std::string_view name, std::string_view rest, bool in_labels, Words& words) {
    const std::size_t next = rest.find_first_not_of(" \t\r\n");
    const bool opens = next != std::string_view::npos && rest[next] == '(';
    const bool groups = next != std::string_view::npos &&
                        (rest.substr(next).starts_with("by") || rest.substr(next).starts_with("without"));
    if (among(grouping, name)) {
        words.calculates = words.calculates || among(joining, name);
    } else if (opens || (groups && among(keeps_unit, name))) {
        words.functions.push_back(name);
    } else if (!in_labels) {
        words.metrics.push_back(name);
    }
}

Words read_words(std::string_view query) {
    Words words;
    bool in_labels = false;  // inside `by (...)`
    for (std::size_t at = 0; at < query.size() && !words.broken;) {
        const char c = query[at];
        if (starts_name(c)) {
            const std::string_view name = read_name(query, at);
            sort_in(name, query.substr(at), in_labels, words);
            in_labels = in_labels || name == "by" || name == "without" || among(joining, name);
        } else if (is_quote(c)) {
            at = skip_string(query, at);
        } else if (c == '{' || c == '[') {
            at = skip_brackets(query, at, c == '{' ? '}' : ']');
        } else {
            in_labels = in_labels && c != ')';
            words.calculates = words.calculates || std::string_view("+-*/%^<>=").find(c) != std::string_view::npos;
            at = c >= '0' && c <= '9' ? skip_number(query, at) : at + 1;
        }
        words.broken = at == std::string_view::npos;
    }
    return words;
}

}  // namespace

bool is_plain_selector(std::string_view query) {
    const std::string_view text = base::trim(query);
    std::size_t at = 0;
    if (!text.empty() && starts_name(text.front())) {
        read_name(text, at);
    }
    const std::size_t braces = text.find_first_not_of(" \t\r\n", at);
    if (braces == std::string_view::npos) {
        return at > 0;
    }
    return text[braces] == '{' && skip_brackets(text, braces, '}') == text.size();
}

Result<SeriesRole> parse_role(std::string_view word) {
    for (const auto& known : role_words) {
        if (known.word == word) {
            return known.role;
        }
    }
    return fail(Fault::usage, fmt::format("unknown role `{}`", base::printable(word)));
}

std::optional<SeriesRole> role_of_metric(std::string_view metric) {
    for (const auto& known : metric_roles) {
        if (known.word == metric) {
            return known.role;
        }
    }
    return std::nullopt;
}

SeriesRole guess_role(std::string_view query) {
    const Words words = read_words(query);
    if (words.broken || words.calculates || words.metrics.empty()) {
        return SeriesRole::other;
    }
    const std::string_view metric = words.metrics.front();
    const bool one_metric = std::all_of(words.metrics.begin(), words.metrics.end(),
                                        [&](std::string_view other) { return other == metric; });
    if (!one_metric) {
        return SeriesRole::other;
    }
    const bool rate = std::any_of(words.functions.begin(), words.functions.end(),
                                  [](std::string_view name) { return among(per_second, name); });
    if (rate) {
        return metric.find("request") != std::string_view::npos && metric.ends_with("_total") ? SeriesRole::load
                                                                                              : SeriesRole::other;
    }
    const bool same_unit = std::all_of(words.functions.begin(), words.functions.end(),
                                       [](std::string_view name) { return among(keeps_unit, name); });
    return same_unit ? role_of_metric(metric).value_or(SeriesRole::other) : SeriesRole::other;
}

std::string first_metric(std::string_view query) {
    const Words words = read_words(query);
    return words.metrics.empty() ? std::string() : std::string(words.metrics.front());
}

}  // namespace memrb::actions
