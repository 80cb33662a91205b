#include "ui/plain_progress.h"

#include "sample_views.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

namespace {

class FakeClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return at(now_text); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return time; }
    std::chrono::steady_clock::time_point time;
};

Event started(std::string id, Milliseconds timeout) {
    StepStarted body;
    body.step = std::move(id);
    body.timeout = timeout;
    return {1, at(now_text), body};
}

Event finished(std::string id, StepStatus status, std::string note) {
    StepFinished body;
    body.step = std::move(id);
    body.status = status;
    body.outcome = said("");
    body.note = std::move(note);
    return {2, at(now_text), body};
}

}  // namespace

TEST_CASE("one line for each step that ends") {
    std::ostringstream out;
    StreamSink sink(out);
    const FakeClock clock;
    PlainProgress progress(sink, plain(), clock, std::nullopt);
    progress.on_event(started("usage.stats", std::chrono::seconds(30)));
    CHECK(out.str().empty());
    progress.on_event(finished("usage.stats", StepStatus::ok, "97 %"));
    progress.on_event(finished("usage.tmp", StepStatus::ok, ""));
    progress.on_event(finished("oom.dmesg", StepStatus::failed, "exit 1: \x1b[31mno"));
    progress.on_event({3, at(now_text), StepSkipped{"app.gc", "", StepStatus::not_previewable, "a person does it"}});
    CHECK(out.str() ==
          "usage.stats: ok, 0.1 s, 97 %\n"
          "usage.tmp: ok, 0.1 s\n"
          "oom.dmesg: failed, 0.1 s: exit 1: \\x1b[31mno\n"
          "app.gc: not previewable: a person does it\n");
}

TEST_CASE("the heartbeat says what still runs, and nothing when nothing does") {
    std::ostringstream out;
    StreamSink sink(out);
    FakeClock clock;
    PlainProgress progress(sink, plain(), clock, std::chrono::hours(1));
    progress.beat();
    CHECK(out.str().empty());
    progress.on_event(started("usage.stats", std::chrono::seconds(60)));
    clock.time += std::chrono::seconds(10);
    progress.on_event(started("oom.events", std::chrono::seconds(30)));
    clock.time += std::chrono::seconds(20);
    progress.beat();
    CHECK(out.str() == "still running: usage.stats (30 s of 60 s), oom.events (20 s of 30 s)\n");
    progress.finish();
    progress.finish();
}
