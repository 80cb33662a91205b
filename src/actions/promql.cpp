#include "actions/prometheus_answer.h"
#include "actions/promql_text.h"
#include "actions/web_address.h"
#include "base/text.h"
#include "memrb/action.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

extern const ActionType promql_action;

namespace {

constexpr Milliseconds finest_step{15'000};    // a usual scrape interval
constexpr std::int64_t wanted_points = 1'440;  // far below the 11,000 that Prometheus allows for one series

Result<void> check(const Params& params) {
    if (base::trim(params.text("query")).empty()) {
        return fail(Fault::usage, "`promql` has no query");
    }
    return {};
}

Risk risk(const Params& /*params*/) {
    return Risk::read;
}

Result<std::string> base_address(const Params& params, const ActionContext& context) {
    std::string address = params.text("url");
    if (const auto known = context.vars.find("prometheus"); address.empty() && known != context.vars.end()) {
        address = known->second;
    }
    if (address.empty()) {
        return fail(Fault::no_data, "no address of Prometheus is set", "give it: --set prometheus=URL");
    }
    return check_base_address(address);
}

std::string seconds(Timestamp at) {
    return fmt::format("{:.3f}", to_unix_seconds(at));
}

Milliseconds step_for(Milliseconds range) {
    const std::int64_t whole_seconds = (range.count() / wanted_points + 999) / 1'000;
    return std::max(finest_step, Milliseconds(whole_seconds * 1'000));
}

Result<Request> plan(const Params& params, const ActionContext& context) {
    const auto address = base_address(params, context);
    if (!address) {
        return tl::unexpected(address.error());
    }
    const std::string query(base::trim(params.text("query")));
    HttpRequest request;
    if (!params.has("range") || params.text("range").empty()) {
        request.url =
            fmt::format("{}/api/v1/query?query={}&time={}", *address, encode_query(query), seconds(context.now));
        return request;
    }
    const auto range = parse_duration(params.text("range"));
    if (!range || range->count() <= 0) {
        return fail(Fault::usage, fmt::format("`range: {}` is no span of time", base::printable(params.text("range"))),
                    "for example 6h");
    }
    if (is_plain_selector(query)) {
        // The stored samples: query_range would put them on a grid and carry old ones over gaps of up to 5 minutes.
        const std::string raw = fmt::format("{}[{}]", query, format_exact_duration(*range));
        request.url =
            fmt::format("{}/api/v1/query?query={}&time={}", *address, encode_query(raw), seconds(context.now));
    } else {
        request.url =
            fmt::format("{}/api/v1/query_range?query={}&start={}&end={}&step={}", *address, encode_query(query),
                        seconds(context.now - *range), seconds(context.now), step_for(*range).count() / 1'000);
    }
    return request;
}

}  // namespace

const ActionType promql_action{
    .name = "promql",
    .help = "Ask Prometheus",
    .body = "query",
    .params = {{.name = "query",
                .kind = ParamKind::text,
                .required = true,
                .help = "PromQL; write ${name} only inside quotes",
                .expansion = Expansion::promql},
               {.name = "url", .help = "the address of Prometheus; else the variable `prometheus`"},
               {.name = "range", .kind = ParamKind::duration, .help = "how far back; without it only the newest value"},
               {.name = "role",
                .kind = ParamKind::choice,
                .help = "what the samples measure; else known by the metric's name",
                .choices = {"memory", "limit", "usage", "anon", "file", "load", "descriptors", "restarts", "oom_events",
                            "start_time", "other"}}},
    .check = check,
    .risk = risk,
    .plan = plan,
    .interpret = interpret_promql,
};

}  // namespace memrb::actions
