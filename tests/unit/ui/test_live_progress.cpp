#include "ui/live_progress.h"

#include "sample_views.h"
#include "support/screen.h"

#include <catch2/catch.hpp>
#include <future>
#include <sstream>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;
using memrb::test::Screen;

namespace {

using Time = LiveBlock::Time;
constexpr Time start{};

Event started(std::string id, std::string title = {}) {
    StepStarted body;
    body.step = std::move(id);
    body.title = std::move(title);
    body.timeout = std::chrono::seconds(30);
    return {1, at(now_text), body};
}

Event finished(std::string id) {
    StepFinished body;
    body.step = std::move(id);
    body.status = StepStatus::ok;
    return {2, at(now_text), body};
}

class FakeClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return at(now_text); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return start; }
};

// Tells when something was written, so that a test can wait for it.
class SignallingSink final : public Sink {
public:
    bool write(std::string_view text) override {
        const std::lock_guard lock(mutex_);
        written_ += text;
        if (!told_ && !text.empty()) {
            told_ = true;
            first_.set_value();
        }
        return true;
    }
    [[nodiscard]] bool broken() const override { return false; }
    void wait() { first_.get_future().wait(); }
    std::string written() {
        const std::lock_guard lock(mutex_);
        return written_;
    }

private:
    std::mutex mutex_;
    std::string written_;
    std::promise<void> first_;
    bool told_ = false;
};

}  // namespace

TEST_CASE("each running step has a line with its time and its timeout") {
    LiveBlock block(usual());
    Screen screen(80, 24);
    screen.feed("$ memrb diagnose backend\r\n");
    block.on_event(started("usage.stats", "How much memory does it use now?"), start);
    block.on_event(started("oom.events"), start + std::chrono::seconds(1));
    const auto show = [&](Time now) {
        std::string text = block.redraw(now, {80, 24});
        for (std::size_t i = 0; (i = text.find('\n', i)) != std::string::npos; i += 2) {
            text.replace(i, 1, "\r\n");
        }
        screen.feed(text);
    };
    show(start + std::chrono::milliseconds(1500));
    CHECK(screen.text() ==
          "$ memrb diagnose backend\n"
          "  … usage.stats  1.5 s of 30 s  How much memory does it us…\n"
          "  … oom.events  0.5 s of 30 s");
    block.on_event(finished("usage.stats"), start + std::chrono::seconds(2));
    show(start + std::chrono::seconds(3));
    CHECK(screen.text() == "$ memrb diagnose backend\n  … oom.events  2.0 s of 30 s");
    block.on_event(finished("oom.events"), start + std::chrono::seconds(3));
    CHECK_FALSE(block.busy());
    screen.feed(block.erase({80, 24}));
    CHECK(screen.text() == "$ memrb diagnose backend");
    CHECK(screen.cursor_row() == 1);
    CHECK(screen.cursor_column() == 0);
    CHECK(block.erase({80, 24}).empty());
}

TEST_CASE("there are never more lines than the screen has, and none reaches its edge") {
    LiveBlock block(usual());
    for (int i = 0; i < 20; ++i) {
        block.on_event(started("step" + std::to_string(i), "a title that is long enough to be cut"), start);
    }
    const std::string text = block.redraw(start, {40, 6});
    CHECK(std::count(text.begin(), text.end(), '\n') == 5);
    CHECK(text.find("  … and 16 more running, 0 done\n") != std::string::npos);
    for (std::size_t from = 0; from < text.size(); from = text.find('\n', from) + 1) {
        CHECK(text.find('\n', from) - from <= 39 + 4);  // four bytes of two `…` beyond their columns
    }
    CHECK(block.erase({40, 6}) == "\r\x1b[5A\x1b[J");
}

TEST_CASE("a window that shrinks below the lines loses nothing that is above them") {
    LiveBlock block(usual());
    block.on_event(started("usage.working_set", "Working set over six hours"), start);
    block.redraw(start, {80, 24});
    CHECK(block.erase({70, 24}) == "\r\x1b[1A\x1b[J");
    block.redraw(start, {80, 24});
    CHECK(block.erase({30, 24}) == "\r\x1b[J");
}

TEST_CASE("a step's name cannot break the lines") {
    LiveBlock block(ascii());
    block.on_event(started("a\nb\x1b[2J", "t\rx"), start);
    CHECK(block.redraw(start, {80, 24}) == "  ~ a\\nb\\x1b[2J  0.0 s of 30 s  t\\x0dx\n");
}

TEST_CASE("lines appear while a step runs and are gone when it is finished") {
    SignallingSink sink;
    const FakeClock clock;
    LiveProgress progress(sink, ascii(), clock, [] { return ScreenSize{80, 24}; }, Milliseconds(1));
    progress.on_event(started("usage.stats"));
    sink.wait();
    progress.on_event(finished("usage.stats"));
    progress.finish();
    const std::string written = sink.written();
    CHECK(written.starts_with("  ~ usage.stats  0.0 s of 30 s\n"));
    CHECK(written.ends_with("\r\x1b[1A\x1b[J"));
    progress.finish();
    CHECK(sink.written() == written);
}

TEST_CASE("work that ends before the first redraw draws nothing") {
    std::ostringstream out;
    StreamSink sink(out);
    const FakeClock clock;
    {
        LiveProgress progress(sink, ascii(), clock, [] { return ScreenSize{80, 24}; }, std::chrono::hours(1));
        progress.on_event(started("usage.stats"));
        progress.on_event(finished("usage.stats"));
    }
    CHECK(out.str().empty());
}
