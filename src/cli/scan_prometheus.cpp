#include "actions/ending.h"
#include "actions/fleet_gather.h"
#include "actions/fleet_queries.h"
#include "actions/prometheus_answer.h"
#include "actions/prometheus_stream.h"
#include "actions/web_address.h"
#include "cli/scan_options.h"
#include "cli/scan_source.h"
#include "cli/world.h"
#include "engine/fleet_judge.h"
#include "system/http.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <future>
#include <thread>

namespace memrb::cli {

namespace {

using actions::FleetQuery;

constexpr Milliseconds longest_answer{150'000};  // Prometheus itself gives up after two minutes

actions::FleetRange range_of(const ScanOptions& options, Timestamp now) {
    actions::FleetRange range;
    range.end = std::chrono::floor<std::chrono::seconds>(now);
    range.step = options.step;
    range.start = range.end - range.step * (std::max<Milliseconds::rep>(options.range / range.step, 2) - 1);
    return range;
}

std::string_view words(FleetQuery query) {
    switch (query) {
        case FleetQuery::limit: return "the limits";
        case FleetQuery::start_time: return "the start times";
        case FleetQuery::starts: return "the earlier starts";
        case FleetQuery::anon: return "the anonymous memory";
        case FleetQuery::file: return "the page cache";
        case FleetQuery::load: return "the loads";
        case FleetQuery::oom_events:
        case FleetQuery::oom_known: return "the OOM counters";
        case FleetQuery::left_out: return "the series that are no containers";
        case FleetQuery::working_set_docker:
        case FleetQuery::working_set_kubernetes: break;
    }
    return "the working sets";
}

class Scan {
public:
    Scan(World& world, MetricsPlace place, const ScanOptions& options, const std::vector<Threshold>& thresholds,
         const FinishRow& finish)
        : world_(world),
          address_(std::move(place.address)),
          scope_{options.matchers, range_of(options, world.clock().now()), std::move(place.load_metric)},
          judge_(thresholds, scope_.range.end, helpers(),
                 [this, &finish](FleetRow& row) { finish(row, scope_.range.end); }),
          gather_(scope_.range, [this](FleetMember&& member) { judge_.add(std::move(member)); }) {}

    Result<Fleet> run() {
        // Prometheus works on the large answer meanwhile; the first series of it waits for these.
        auto companions = std::async(std::launch::async, [this] { ask_companions(); });
        for (const FleetQuery query : {FleetQuery::working_set_docker, FleetQuery::working_set_kubernetes}) {
            const auto warnings = ask(query, [&](SeriesReading&& series) {
                if (companions.valid()) {
                    companions.get();
                }
                gather_.add_working_set(std::move(series));
            });
            if (!warnings) {
                if (companions.valid()) {
                    companions.wait();
                }
                return tl::unexpected(warnings.error());
            }
            add_partial(query, *warnings);
        }
        if (companions.valid()) {
            companions.get();
        }
        gather_.finish();
        if (world_.stop().requested()) {
            return fail(Fault::interrupted, "interrupted while Prometheus was asked");
        }
        for (const auto& [query, warnings] : companion_warnings_) {
            add_partial(query, warnings);
        }
        fleet_.warnings.insert(fleet_.warnings.end(), companion_failures_.begin(), companion_failures_.end());
        if (!scope_.load_metric.empty() && gather_.loads_used() == 0 && companion_failures_.empty()) {
            fleet_.warnings.push_back(no_load());
        }
        fleet_.rows = judge_.finish();
        fleet_.left_out = gather_.left_out();
        fleet_.source = actions::without_login(address_);
        fleet_.at = scope_.range.end;
        return std::move(fleet_);
    }

private:
    // One core parses.
    static std::size_t helpers() {
        constexpr unsigned most = 8;
        return std::clamp(std::thread::hardware_concurrency(), 2U, most) - 1;
    }

    void add_partial(FleetQuery query, const std::vector<std::string>& warnings) {
        for (const auto& warning : warnings) {
            fleet_.warnings.push_back(fmt::format("partial ({}): {}", words(query), warning));
        }
    }

    // What was asked for and is not there is not left out in silence.
    [[nodiscard]] std::string no_load() const {
        return gather_.loads() == 0
                   ? fmt::format("the loads are not known: `{}` has no samples of a container", scope_.load_metric)
                   : fmt::format(
                         "the loads are not known: `{}` is of none of these containers; its series need their "
                         "label name, or namespace and pod",
                         scope_.load_metric);
    }

    // Without one of them less is known, and that is told; the working set decides whether there is a scan.
    void ask_companions() {
        std::vector<FleetQuery> calling;  // for more to be asked
        const auto calls = [&](FleetQuery query) {
            return std::find(calling.begin(), calling.end(), query) != calling.end();
        };
        for (const FleetQuery query : actions::companion_queries(scope_)) {
            if (const auto first = actions::only_after(query); first && !calls(*first)) {
                continue;
            }
            bool more = false;
            const auto warnings = ask(query, [&](SeriesReading&& series) {
                more = more || actions::calls_for_more(query, series.points.back().value, scope_.range);
                gather_.add_companion(query, std::move(series));
            });
            if (more) {
                calling.push_back(query);
            }
            if (warnings) {
                companion_warnings_.emplace_back(query, *warnings);
            } else {
                companion_failures_.push_back(
                    fmt::format("{} are not known: {}", words(query), warnings.error().message));
            }
        }
    }

    Result<std::vector<std::string>> ask(FleetQuery query, const actions::PrometheusStream::OnSeries& on_series) {
        HttpRequest request;
        request.url = actions::fleet_url(query, address_, scope_);
        RunContext context;
        context.timeout = longest_answer;
        actions::PrometheusStream stream(on_series);
        bool refused = false;
        const Outcome outcome = system::stream_http(request, context, world_.stop(), [&](std::string_view bytes) {
            refused = !stream.feed(bytes);
            return !refused;
        });
        if (world_.stop().requested()) {
            return fail(Fault::interrupted, "interrupted while Prometheus was asked");
        }
        if (outcome.ok() || refused) {
            auto warnings = stream.finish();
            return warnings ? warnings : tl::unexpected(problem(warnings.error().message));
        }
        const auto answer = actions::read_prometheus_answer(outcome);
        return tl::unexpected(problem(answer ? "no answer" : answer.error().message));
    }

    Error problem(const std::string& why) const {
        return {Fault::no_data,
                fmt::format("Prometheus at {} cannot be asked: {}", actions::without_login(address_), why),
                "is the address right? Give it: --set prometheus=URL"};
    }

    World& world_;
    std::string address_;
    actions::FleetScope scope_;
    engine::FleetJudge judge_;
    actions::FleetGather gather_;
    std::vector<std::pair<FleetQuery, std::vector<std::string>>> companion_warnings_;
    std::vector<std::string> companion_failures_;
    Fleet fleet_;
};

}  // namespace

Result<Fleet> scan_prometheus(World& world, const ScanOptions& options, const MetricsPlace& place,
                              const std::vector<Threshold>& thresholds, const FinishRow& finish) {
    auto address = actions::check_base_address(place.address);
    auto metric = place.load_metric.empty() ? Result<std::string>() : actions::check_metric_name(place.load_metric);
    if (!address || !metric) {
        return tl::unexpected(!address ? address.error() : metric.error());
    }
    return Scan(world, {*std::move(address), *std::move(metric)}, options, thresholds, finish).run();
}

}  // namespace memrb::cli
