#include "base/number.h"
#include "base/text.h"
#include "drill/cloud_run_world.h"
#include "drill/tools.h"
#include "drill/url.h"

#include <fmt/core.h>
#include <algorithm>
#include <functional>

namespace memrb::drill {

extern const Tool cloud_monitoring_tool;

namespace {

constexpr std::string_view host = "https://monitoring.googleapis.com";
constexpr Milliseconds minute{60'000};
constexpr int ok = 200;
constexpr int bad = 400;
constexpr int not_found = 404;

// What stands in quotes behind `name=`.
std::string quoted(std::string_view text, std::string_view name) {
    const std::size_t at = text.find(std::string(name) + "=\"");
    if (at == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = at + name.size() + 2;
    return std::string(text.substr(begin, text.find('"', begin) - begin));
}

// The highest of each period's minutes; of the samples' own times nothing is left.
std::vector<std::pair<Timestamp, double>> points_of(Timestamp start, Timestamp end, Milliseconds step,
                                                    const std::function<std::optional<double>(Timestamp)>& value) {
    std::vector<std::pair<Timestamp, double>> points;
    step = std::max(step, minute);
    for (Timestamp at = end - (end - start) / step * step; at <= end; at += step) {
        std::optional<double> highest;
        for (Timestamp each = at; each > at - step; each -= minute) {
            if (const auto one = value(each)) {
                highest = std::max(highest.value_or(*one), *one);
            }
        }
        if (highest) {
            points.emplace_back(at, *highest);
        }
    }
    return points;
}

Reply time_series(std::string_view parameters, const World& world) {
    const std::string filter = url_parameter(parameters, "filter");
    const auto service = world.service_named(quoted(filter, "resource.labels.service_name"));
    const auto start = parse_rfc3339(url_parameter(parameters, "interval.startTime"));
    const auto end = parse_rfc3339(url_parameter(parameters, "interval.endTime"));
    const auto step = parse_duration(url_parameter(parameters, "aggregation.alignmentPeriod"));
    if (quoted(filter, "metric.type") != "run.googleapis.com/container/memory/utilizations" || !start || !end ||
        !step) {
        return says_http(bad,
                         R"({"error":{"code":400,"message":"not part of this drill","status":"INVALID_ARGUMENT"}})");
    }
    const std::string wanted = quoted(filter, "resource.labels.revision_name");
    Json series = Json::array();
    for (const auto& revision : service ? revisions_of(world, *service) : std::vector<Revision>()) {
        if (!wanted.empty() && revision.name != wanted) {
            continue;
        }
        const auto points = points_of(*start, *end, *step, [&](Timestamp at) { return utilization(revision, at); });
        if (points.empty()) {
            continue;
        }
        Json newest_first = Json::array();
        for (auto point = points.rbegin(); point != points.rend(); ++point) {
            newest_first.push_back(
                {{"interval",
                  {{"startTime", google_time(point->first - *step)}, {"endTime", google_time(point->first)}}},
                 {"value", {{"doubleValue", point->second}}}});
        }
        series.push_back({{"metric", {{"type", "run.googleapis.com/container/memory/utilizations"}}},
                          {"resource",
                           {{"type", "cloud_run_revision"},
                            {"labels",
                             {{"project_id", cloud_project},
                              {"service_name", world.service(*service).spec->name},
                              {"revision_name", revision.name},
                              {"location", cloud_region}}}}},
                          {"metricKind", "GAUGE"},
                          {"valueType", "DOUBLE"},
                          {"points", std::move(newest_first)}});
    }
    Json page = Json::object();
    if (!series.empty()) {
        page["timeSeries"] = std::move(series);
    }
    page["unit"] = "10^2.%";
    return says_http(ok, Json::array({std::move(page)}).dump());  // all pages
}

class PromQl {
public:
    PromQl(const World& world, std::size_t service, std::string_view parameters, bool ranged)
        : world_(world), service_(service), query_(url_parameter(parameters, "query")), ranged_(ranged) {
        end_ = url_moment(parameters, ranged ? "end" : "time").value_or(world.now());
        start_ = url_moment(parameters, "start").value_or(end_ - minute);
        step_ = Milliseconds{1000 * base::number<int>(url_parameter(parameters, "step")).value_or(60)};
    }

    Reply answer() {
        const auto asks = [&](std::string_view name) { return query_.find(name) != std::string::npos; };
        if (asks("run_googleapis_com:request_count")) {
            add("", [&](Timestamp at) { return std::optional(world_.load_of(service_, at)); });
        } else if (asks("run_googleapis_com:container_instance_count")) {
            for (const auto& revision : revisions_of(world_, service_)) {
                add(revision.name, [&](Timestamp at) {
                    const auto count =
                        std::count_if(revision.instances.begin(), revision.instances.end(), [&](const Container* one) {
                            return one->created <= at && (!one->removed || *one->removed > at);
                        });
                    return count == 0 ? std::nullopt : std::optional(static_cast<double>(count));
                });
            }
        } else if (asks("run_googleapis_com:container_memory_utilizations_bucket")) {
            for (const auto& revision : revisions_of(world_, service_)) {
                add(revision.name, [&](Timestamp at) { return utilization(revision, at); });
            }
        } else if (asks("run_googleapis_com:container_max_request_concurrencies_bucket")) {
            const auto known = revisions_of(world_, service_);
            const auto& present = known[serving(world_, service_, known)];
            const double takes = static_cast<double>(present.instances.back()->version.memory.takes.count()) / 1000;
            add(present.name, [&](Timestamp at) {
                return std::optional(world_.load_of(service_, at) * takes / world_.service(service_).replicas);
            });
        } else {
            return says_http(bad, R"({"status":"error","errorType":"bad_data","error":"not part of this drill"})");
        }
        return says_http(ok, Json{{"status", "success"},
                                  {"data", {{"resultType", ranged_ ? "matrix" : "vector"}, {"result", result_}}}}
                                 .dump());
    }

private:
    void add(const std::string& revision, const std::function<std::optional<double>(Timestamp)>& value) {
        Json values = Json::array();
        for (const auto& [at, amount] : points_of(start_, end_, step_, value)) {
            values.push_back({to_unix_seconds(at), fmt::format("{:.17g}", amount)});
        }
        if (values.empty()) {
            return;
        }
        Json series{{"metric", revision.empty() ? Json::object() : Json{{"revision_name", revision}}}};
        series[ranged_ ? "values" : "value"] = ranged_ ? values : values.back();
        result_.push_back(std::move(series));
    }

    const World& world_;
    std::size_t service_;
    std::string query_;
    bool ranged_;
    Timestamp start_{}, end_{};
    Milliseconds step_{};
    Json result_ = Json::array();
};

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* http = std::get_if<HttpRequest>(&request);
    if (http == nullptr || !http->url.starts_with(host) || world.scenario().platform != Platform::cloud_run) {
        return std::nullopt;
    }
    const auto [path, parameters] = split_url(std::string_view(http->url).substr(host.size()));
    if (path.ends_with("/timeSeries")) {
        return time_series(parameters, world);
    }
    const bool ranged = path.ends_with("/prometheus/api/v1/query_range");
    const auto service = world.service_named(quoted(url_parameter(parameters, "query"), "service_name"));
    if ((!ranged && !path.ends_with("/prometheus/api/v1/query")) || !service) {
        return says_http(not_found,
                         R"({"error":{"code":404,"message":"not part of this drill","status":"NOT_FOUND"}})");
    }
    return PromQl(world, *service, parameters, ranged).answer();
}

}  // namespace

const Tool cloud_monitoring_tool{"cloud_monitoring", answer};

}  // namespace memrb::drill
