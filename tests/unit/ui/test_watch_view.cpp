#include "ui/watch_view.h"

#include "sample_views.h"
#include "ui/watch_chart.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;
using namespace std::chrono_literals;
using State = Criterion::State;

namespace {

WatchSample sample_at(Milliseconds elapsed, double ratio) {
    WatchSample sample;
    sample.number = static_cast<std::size_t>(elapsed / 10s) + 1;
    sample.elapsed = elapsed;
    sample.used = static_cast<Bytes>(ratio * 512) * mib;
    sample.limit = 512 * mib;
    sample.ratio = ratio;
    sample.level = ratio > 0.85 ? Level::high : ratio > 0.7 ? Level::watch : Level::ok;
    const bool below = ratio < 0.8;
    sample.criteria = {
        {"memory below 80 %", below ? State::holds : State::fails, format_percent(ratio), below ? elapsed : 0ms},
        {"memory does not grow", State::holds, "not enough data", elapsed},
        {"the container runs", State::holds, "", elapsed},
        {"no new restart", State::holds, "", elapsed},
        {"no new OOM kill", State::unknown, "not known", 0ms}};
    sample.held = below ? elapsed : 0ms;
    sample.left = 10min - elapsed;
    return sample;
}

WatchView begun() {
    WatchView view;
    view.incident = "k7f2";
    view.folder = "/state/incidents/20261121T085200Z-backend-k7f2";
    view.target = leaking().target;
    view.runbook_id = "container-high-memory";
    view.thresholds = {{0.7, 0ms, Level::watch},
                       {0.8, 5min, Level::warning},
                       {0.85, 0ms, Level::high},
                       {0.95, 0ms, Level::critical},
                       {1, 0ms, Level::oom}};
    WatchBuilder builder(view);
    builder.on_event({1, at(now_text), WatchStarted{10s, 10min, ".memory.ratio < 0.8"}});
    return builder.view();
}

// Falls from 97 % to 61 % with two looks that saw nothing.
WatchView going() {
    WatchBuilder builder(begun());
    std::uint64_t seq = 2;
    for (Milliseconds elapsed = 0s; elapsed <= 5min; elapsed += 10s) {
        WatchSample sample = sample_at(elapsed, std::max(0.61, 0.97 - 0.003 * static_cast<double>(elapsed / 1s)));
        if (elapsed == 60s || elapsed == 70s) {
            sample.used.reset();
            sample.ratio.reset();
            sample.missing = "docker: connection refused";
        }
        builder.on_event({seq++, at(now_text) + elapsed, WatchSampled{sample}});
    }
    return builder.view();
}

WatchView over(Recovery recovery, bool stopped = false) {
    WatchBuilder builder(going());
    WatchResult result;
    result.recovery = recovery;
    result.why = recovery == Recovery::relapsed ? "it has restarted: the restart count rose from 2 to 3\x1b[1m"
                                                : "all criteria have held for 5 min of the 10 min that are asked";
    result.caveats = {"2 of 31 samples had no data", "OOM kills could not be seen"};
    result.stopped = stopped;
    result.elapsed = 5min;
    builder.on_event({40, at(now_text) + 5min, WatchEnded{result}});
    return builder.view();
}

std::string text_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) {
        text += line + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("the block of a watch, wide, in ASCII and narrow") {
    check_golden("watch-block-80", text_of(watch_block(going(), 4s, 24, usual())));
    check_golden("watch-block-ascii", text_of(watch_block(going(), 4s, 24, ascii())));
    check_golden("watch-block-50", text_of(watch_block(going(), 4s, 24, narrow())));
}

TEST_CASE("the block before the first sample, and at one without data") {
    check_golden("watch-block-first-80", text_of(watch_block(begun(), 0s, 24, usual())));
    WatchBuilder builder(going());
    WatchSample sample = sample_at(310s, 0.6);
    sample.used.reset();
    sample.ratio.reset();
    sample.level = Level::unknown;
    sample.criteria[0].state = State::unknown;
    sample.missing = "docker: connection refused\x1b[2J";
    builder.on_event({99, at(now_text) + 310s, WatchSampled{sample}});
    check_golden("watch-block-no-data-80", text_of(watch_block(builder.view(), 0s, 24, usual())));
}

TEST_CASE("the block is never higher than the screen, the chart gives way first") {
    const auto low = watch_block(going(), 0s, 12, usual());
    CHECK(low.size() <= 11);
    CHECK(text_of(low).find("no new OOM kill") != std::string::npos);
    CHECK(watch_block(going(), 0s, 4, usual()).size() <= 3);
}

TEST_CASE("the time that is left runs down between samples, and not below zero") {
    CHECK(text_of(watch_block(going(), 60s, 24, usual())).find("4 min if all of it") != std::string::npos);
    CHECK(text_of(watch_block(going(), 9h, 24, usual())).find("0 s if all of it") != std::string::npos);
}

TEST_CASE("the report of a watch") {
    check_golden("watch-stopped-80", render_watch(over(Recovery::not_recovered, true), usual()));
    check_golden("watch-relapsed-50", render_watch(over(Recovery::relapsed), narrow()));
    check_golden("watch-relapsed-plain", render_watch(over(Recovery::relapsed), plain()));
}

TEST_CASE("the document of a watch") {
    const auto json = watch_json(over(Recovery::unknown));
    CHECK(json["schema"] == "memrb/watch/v1");
    CHECK(json["result"] == "unknown");
    CHECK(json["samples"].size() == 31);
    CHECK(json["samples"][6]["missing"] == "docker: connection refused");
    CHECK(json["samples"][6]["ratio"].is_null());
    CHECK(json["last"]["criteria"].size() == 5);
    CHECK(json["every_ms"] == 10'000);
}

TEST_CASE("the chart puts each sample into its band") {
    std::vector<Point> ratios;
    for (const double ratio : {0.1, 0.72, 0.83, 0.9, 0.99, std::numeric_limits<double>::quiet_NaN(), 0.5}) {
        ratios.push_back({at(now_text) + 10s * static_cast<int>(ratios.size()), ratio});
    }
    const auto rows = watch_chart(ratios, begun().thresholds, 60, usual());
    CHECK(rows == std::vector<std::string>{"  95 % |    ▇", "  85 % |   ▅█", "  80 % |  ▆██", "  70 % | ▃███",
                                           "   0 % |▃████·▇"});
}
