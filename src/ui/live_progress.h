#pragma once

#include "memrb/ports.h"
#include "ui/redraw.h"
#include "ui/sink.h"
#include "ui/style.h"
#include "ui/ticker.h"

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace memrb::ui {

/// The lines of the running steps, as text to send to a terminal. Knows no clock and no terminal.
class LiveBlock {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit LiveBlock(Style style) : style_(style) {}
    void on_event(const Event& event, Time now);
    [[nodiscard]] bool busy() const { return !running_.empty(); }
    /// What replaces the lines that are on the screen by those of `now`. Takes less rows than the screen has; no line
    /// reaches the last column.
    std::string redraw(Time now, ScreenSize size);
    /// What removes all lines; empty if there are none.
    std::string erase(ScreenSize size) { return lines_.erase(size); }

private:
    struct Running {
        std::string step;
        std::string title;
        Milliseconds timeout{};
        Time since;
    };
    [[nodiscard]] std::string line_of(const Running& step, Time now, std::size_t width) const;

    Style style_;
    std::size_t done_ = 0;
    std::vector<Running> running_;
    Redraw lines_;
};

/// Live lines on a terminal, redrawn at most ten times a second; nothing is drawn for work that ends sooner than that.
class LiveProgress final : public Observer {
public:
    LiveProgress(Sink& terminal, Style style, const Clock& clock, AskScreenSize size,
                 Milliseconds period = Milliseconds(100));
    ~LiveProgress() override;
    LiveProgress(const LiveProgress&) = delete;
    LiveProgress& operator=(const LiveProgress&) = delete;
    LiveProgress(LiveProgress&&) = delete;
    LiveProgress& operator=(LiveProgress&&) = delete;

    void on_event(const Event& event) override;
    /// Erases the lines. To be called before anything else is written to the terminal; a step that starts later makes
    /// them appear again.
    void finish();

private:
    void tick();

    Sink& terminal_;
    const Clock& clock_;
    AskScreenSize size_;
    std::mutex mutex_;
    LiveBlock block_;
    Ticker ticker_;
};

}  // namespace memrb::ui
