#include "ui/watch_progress.h"

#include "base/text.h"

#include "sample_views.h"
#include "support/screen.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;
using namespace std::chrono_literals;
using memrb::test::Screen;

namespace {

class FakeClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return at(now_text) + 95s; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
};

WatchSample sample(double ratio, Criterion::State state) {
    WatchSample sample;
    sample.used = static_cast<Bytes>(ratio * 100) * mib;
    sample.limit = 100 * mib;
    sample.ratio = ratio;
    sample.level = Level::ok;
    sample.criteria = {{"memory below 80 %", state, format_percent(ratio), 10s}};
    sample.held = 10s;
    sample.left = 50s;
    return sample;
}

}  // namespace

TEST_CASE("plain: a line for each change, and a heartbeat when nothing has changed") {
    std::ostringstream out;
    StreamSink sink(out);
    const FakeClock clock;
    PlainWatch progress(sink, plain(), clock, 1h);
    progress.on_event({1, at(now_text), WatchStarted{10s, 60s, ""}});
    progress.beat();
    progress.on_event({2, at(now_text), WatchSampled{sample(0.6, Criterion::State::holds)}});
    progress.on_event({3, at(now_text) + 10s, WatchSampled{sample(0.61, Criterion::State::holds)}});
    progress.beat();  // a line was written since the last one
    progress.on_event({4, at(now_text) + 20s, WatchSampled{sample(0.83, Criterion::State::fails)}});
    WatchSample missing = sample(0.83, Criterion::State::unknown);
    missing.used.reset();
    missing.ratio.reset();
    missing.missing = "no such container\x1b[1m";
    progress.on_event({5, at(now_text) + 30s, WatchSampled{missing}});
    progress.beat();
    progress.beat();
    progress.on_event({6, at(now_text) + 40s, WatchEnded{}});
    CHECK(out.str() ==
          "watching every 10s, until all has held for 1m\n"
          "still measuring\n"
          "2026-11-21T08:52:00Z 60 of 100 MiB = 60 %, all criteria hold for 10 s, 50 s left\n"
          "2026-11-21T08:52:20Z 83 of 100 MiB = 83 %, memory below 80 %: no, 83 %, 50 s left\n"
          "2026-11-21T08:52:30Z no data: no such container\\x1b[1m, 50 s left\n"
          "2026-11-21T08:53:35Z no data: no such container\\x1b[1m, 50 s left\n");
}

TEST_CASE("live: one block that is redrawn, and gone at the end") {
    std::ostringstream out;
    StreamSink sink(out);
    const FakeClock clock;
    Screen screen(80, 24);
    {
        WatchBuilder builder(WatchView{});
        LiveWatch progress(sink, usual(), clock, [] { return ScreenSize{80, 24}; }, builder, 1h);
        const auto tell = [&](EventBody body) {
            const Event event{1, at(now_text), std::move(body)};
            builder.on_event(event);
            progress.on_event(event);
            screen.feed(base::replace_all(out.str(), "\n", "\r\n"));  // as the line discipline does
            out.str("");
        };
        tell(WatchStarted{10s, 60s, ""});
        CHECK(screen.text().find("being measured") != std::string::npos);
        tell(WatchSampled{sample(0.6, Criterion::State::holds)});
        tell(WatchSampled{sample(0.61, Criterion::State::holds)});
        CHECK(screen.text().find("61 of 100 MiB") != std::string::npos);
        CHECK(screen.text().find("60 of 100 MiB") == std::string::npos);
        CHECK(screen.text().find("being measured") == std::string::npos);
        tell(WatchEnded{});
    }
    screen.feed(base::replace_all(out.str(), "\n", "\r\n"));  // as the line discipline does
    CHECK(screen.text().empty());
    CHECK(screen.cursor_row() == 0);
}
