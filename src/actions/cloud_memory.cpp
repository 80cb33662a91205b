#include "actions/cloud_memory.h"

#include "actions/cloud_monitoring.h"
#include "actions/cloud_rollback.h"
#include "actions/distribution.h"
#include "actions/ending.h"
#include "actions/google_complaint.h"
#include "actions/json_get.h"
#include "actions/web_address.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::actions {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view metric_type = "run.googleapis.com/container/memory/utilizations";
constexpr std::string_view told_as = "memory utilization (p99 across instances)";
constexpr Milliseconds last_minutes = 15min;  // samples come up to 4 minutes late
constexpr double percentile = 0.99;

struct RevisionPoints {
    std::string revision;
    std::vector<Point> ratios;  ///< oldest first
};

std::optional<double> value_of(const Json& point) {
    const Json* value = member(point, "value");
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const Json* number = member(*value, "doubleValue"); number != nullptr && number->is_number()) {
        return number->get<double>();
    }
    const Json* whole = member(*value, "distributionValue");
    return whole == nullptr ? std::nullopt : distribution_percentile(*whole, percentile);
}

// The API gives the newest first.
std::vector<Point> points_of(const Json& series) {
    std::vector<Point> points;
    const Json* all = member(series, "points");
    for (std::size_t i = 0; all != nullptr && all->is_array() && i < all->size(); ++i) {
        const Json* interval = member((*all)[i], "interval");
        const auto at = interval == nullptr ? std::nullopt : get_time(*interval, "endTime");
        const auto value = value_of((*all)[i]);
        if (at && value && std::isfinite(*value) && *value >= 0) {
            points.push_back({*at, *value});
        }
    }
    std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.at < b.at; });
    return points;
}

void add_page(const Json& page, std::vector<RevisionPoints>& all) {
    const Json* list = member(page, "timeSeries");
    for (std::size_t i = 0; list != nullptr && list->is_array() && i < list->size(); ++i) {
        const Json* resource = member((*list)[i], "resource");
        const Json* labels = resource == nullptr ? nullptr : member(*resource, "labels");
        const auto revision = labels == nullptr ? std::nullopt : get_text(*labels, "revision_name");
        if (!revision) {
            continue;
        }
        auto found =
            std::find_if(all.begin(), all.end(), [&](const RevisionPoints& one) { return one.revision == *revision; });
        if (found == all.end()) {
            all.push_back({*revision, {}});
            found = all.end() - 1;
        }
        auto points = points_of((*list)[i]);  // a series may go on in the next page
        found->ratios.insert(found->ratios.end(), points.begin(), points.end());
    }
}

std::vector<RevisionPoints> read_pages(const Json& document) {
    std::vector<RevisionPoints> all;
    if (document.is_array()) {
        for (const auto& page : document) {
            add_page(page, all);
        }
    } else {
        add_page(document, all);
    }
    for (auto& one : all) {
        std::sort(one.ratios.begin(), one.ratios.end(), [](const Point& a, const Point& b) { return a.at < b.at; });
    }
    std::erase_if(all, [](const RevisionPoints& one) { return one.ratios.empty(); });
    return all;
}

Limit limit_of(const std::string& revision, const std::vector<CloudRevision>& known, const Target& target) {
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const CloudRevision& one) { return one.name == revision; });
    return found != known.end() ? found->limit : revision == target.id ? target.limit : Limit(LimitUnknown{});
}

Bytes in_bytes(double ratio, Bytes limit) {
    return static_cast<Bytes>(std::llround(std::min(ratio, 4.0) * static_cast<double>(limit)));
}

Interpretation newest_reading(const std::vector<RevisionPoints>& all, const Target& target) {
    const auto own =
        std::find_if(all.begin(), all.end(), [&](const RevisionPoints& one) { return one.revision == target.id; });
    const auto* limit = std::get_if<Bytes>(&target.limit);
    if (own == all.end()) {
        return no_data("memory",
                       fmt::format("Cloud Monitoring has no sample of {} of the last 15 min: no instance ran, "
                                   "or it is too new (samples come up to 4 min late)",
                                   base::printable(target.id)));
    }
    if (limit == nullptr) {
        return no_data("memory", fmt::format("the limit of {} is not known, and Cloud Monitoring tells shares of it",
                                             base::printable(target.id)));
    }
    MemoryReading reading;
    reading.at = own->ratios.back().at;
    reading.metric = told_as;
    reading.used = in_bytes(own->ratios.back().value, *limit);
    reading.limit = target.limit;
    reading.source = "cloud monitoring";
    Interpretation result;
    result.note = fmt::format("{} of {} = {} across instances", format_bytes(reading.used), format_bytes(*limit),
                              format_percent(own->ratios.back().value));
    result.readings.emplace_back(std::move(reading));
    return result;
}

std::string made_at(const std::string& name, const std::vector<CloudRevision>& revisions) {
    const auto found =
        std::find_if(revisions.begin(), revisions.end(), [&](const CloudRevision& one) { return one.name == name; });
    return found == revisions.end() || !found->created
               ? std::string()
               : ", made " + format_rfc3339(std::chrono::floor<std::chrono::seconds>(*found->created));
}

// Which revision was the first that was not healthy, and which one the last that was.
std::string tell_revisions(const std::vector<RevisionPoints>& all, const std::vector<CloudRevision>& revisions,
                           const Target& target) {
    HealthByRevision health;
    for (const auto& one : all) {
        health.emplace(one.revision, health_of(one.ratios));
    }
    const auto own = health.find(target.id);
    if (revisions.empty() || own == health.end() || own->second.healthy()) {
        return {};
    }
    const auto back = choose_rollback(revisions, target.id, health);
    return back ? fmt::format("; first unhealthy: {}{} ({}); to go back to: {}", base::printable(back->onset),
                              made_at(back->onset, revisions),
                              health.contains(back->onset) ? health[back->onset].words() : "", back->why)
                : "; no revision to go back to: " + back.error().message;
}

Interpretation whole_series(const Params& params, const std::vector<RevisionPoints>& all, const Target& target) {
    const auto revisions = read_revisions(read_json(params.text("revisions")).value_or(Json()));
    Interpretation result;
    std::size_t samples = 0;
    for (const auto& one : all) {
        const Limit limit = limit_of(one.revision, revisions, target);
        const auto* bytes = std::get_if<Bytes>(&limit);
        if (bytes == nullptr) {
            result.warnings.push_back(
                fmt::format("the limit of {} is not known: its samples, which are shares of it, are left out",
                            base::printable(one.revision)));
            continue;
        }
        SeriesReading memory{
            SeriesRole::memory, std::string(told_as), {{"id", one.revision}, {"image", one.revision}}, {}, true};
        SeriesReading limits{SeriesRole::limit, "memory limit", memory.labels, {}, true};
        for (const Point& point : one.ratios) {
            memory.points.push_back({point.at, static_cast<double>(in_bytes(point.value, *bytes))});
            limits.points.push_back({point.at, static_cast<double>(*bytes)});
        }
        samples += memory.points.size();
        result.readings.emplace_back(std::move(memory));
        result.readings.emplace_back(std::move(limits));
    }
    if (result.readings.empty()) {
        auto nothing = no_data("memory", all.empty() ? "Cloud Monitoring has no sample of its memory in this time"
                                                     : "the limits of its revisions are not known");
        nothing.warnings = std::move(result.warnings);
        return nothing;
    }
    result.note = fmt::format("{} samples of {} revision{}{}", samples, result.readings.size() / 2,
                              result.readings.size() == 2 ? "" : "s", tell_revisions(all, revisions, target));
    return result;
}

}  // namespace

Result<Request> plan_cloud_memory(const Params& params, const ActionContext& context) {
    const std::string& written = params.text("range");
    const auto range = written.empty() ? Result<Milliseconds>(last_minutes) : parse_duration(written);
    if (!range || range->count() <= 0) {
        return fail(Fault::usage, fmt::format("`range: {}` is no span of time", base::printable(written)),
                    "for example 24h");
    }
    if (!context.target.cloud_run) {
        return fail(Fault::no_data, fmt::format("{} is not on Cloud Run", base::printable(context.target.name)));
    }
    const CloudRunRef& run = *context.target.cloud_run;
    constexpr std::int64_t wanted_points = 720;
    const std::int64_t minutes = std::max<std::int64_t>(1, range->count() / 60'000 / wanted_points);
    std::string filter = fmt::format(
        R"(metric.type="{}" AND resource.type="cloud_run_revision" AND resource.labels.service_name="{}" AND resource.labels.location="{}")",
        metric_type, run.service, run.region);
    const bool one_revision = written.empty() || params.text("revisions").empty();
    if (one_revision && !context.target.id.empty()) {
        filter += fmt::format(R"( AND resource.labels.revision_name="{}")", context.target.id);
    }
    const auto second = [](Timestamp at) { return format_rfc3339(std::chrono::floor<std::chrono::seconds>(at)); };
    auto request = monitoring_get(
        context, fmt::format("/v3/projects/{}/timeSeries?filter={}&interval.startTime={}&interval.endTime={}"
                             "&aggregation.alignmentPeriod={}s&aggregation.perSeriesAligner=ALIGN_PERCENTILE_99",
                             run.project, encode_query(filter), second(context.now - *range), second(context.now),
                             minutes * 60));
    if (!request) {
        return tl::unexpected(request.error());
    }
    request->page_parameter = "pageToken";
    return *std::move(request);
}

Interpretation interpret_cloud_memory(const Params& params, const ActionContext& context, const Outcome& outcome) {
    if (auto why = google_failure_of(outcome, "Cloud Monitoring")) {
        return no_data("memory", *std::move(why));
    }
    const auto document = outcome.out.truncated() ? std::nullopt : read_json(outcome.out.text());
    if (!document || (!document->is_object() && !document->is_array())) {
        return no_data("memory", base::trim(outcome.out.text()).empty()
                                     ? "Cloud Monitoring has answered with nothing"
                                     : "the answer of Cloud Monitoring is not JSON, or only a part of it");
    }
    const auto all = read_pages(*document);
    return params.text("range").empty() ? newest_reading(all, context.target)
                                        : whole_series(params, all, context.target);
}

}  // namespace memrb::actions
