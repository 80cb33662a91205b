#include "actions/cloud_monitoring.h"
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
constexpr Milliseconds cloud_step{60'000};     // Cloud Run's metrics have one sample a minute
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

std::string range_path(const std::string& query, Timestamp now, Milliseconds range, Milliseconds step) {
    return fmt::format("/api/v1/query_range?query={}&start={}&end={}&step={}", encode_query(query),
                       seconds(now - range), seconds(now), step.count() / 1'000);
}

Result<Request> plan(const Params& params, const ActionContext& context) {
    // A target on Cloud Run has its metrics in Cloud Monitoring, which speaks PromQL as well.
    const bool in_cloud = context.target.cloud_run && params.text("url").empty();
    const auto address = in_cloud ? Result<std::string>() : base_address(params, context);
    if (!address) {
        return tl::unexpected(address.error());
    }
    const std::string query(base::trim(params.text("query")));
    std::string path;
    if (!params.has("range") || params.text("range").empty()) {
        path = fmt::format("/api/v1/query?query={}&time={}", encode_query(query), seconds(context.now));
    } else {
        const auto range = parse_duration(params.text("range"));
        if (!range || range->count() <= 0) {
            return fail(Fault::usage,
                        fmt::format("`range: {}` is no span of time", base::printable(params.text("range"))),
                        "for example 6h");
        }
        if (in_cloud) {
            path = range_path(query, context.now, *range, std::max(cloud_step, step_for(*range)));
        } else if (is_plain_selector(query)) {
            // The stored samples: query_range would put them on a grid and carry old ones over gaps of up to 5 minutes.
            const std::string raw = fmt::format("{}[{}]", query, format_exact_duration(*range));
            path = fmt::format("/api/v1/query?query={}&time={}", encode_query(raw), seconds(context.now));
        } else {
            path = range_path(query, context.now, *range, step_for(*range));
        }
    }
    if (in_cloud) {
        return monitoring_promql(context, path).map([](HttpRequest request) { return Request(std::move(request)); });
    }
    HttpRequest request;
    request.url = *address + path;
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
