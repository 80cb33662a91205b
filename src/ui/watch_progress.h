#pragma once

#include "memrb/ports.h"
#include "ui/redraw.h"
#include "ui/sink.h"
#include "ui/style.h"
#include "ui/ticker.h"
#include "ui/watch_view.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

namespace memrb::ui {

/// A watch as one block on a terminal, redrawn at each sample and each second in between. `builder` must have had each
/// event before.
class LiveWatch final : public Observer {
public:
    LiveWatch(Sink& terminal, Style style, const Clock& clock, AskScreenSize size, const WatchBuilder& builder,
              Milliseconds period = Milliseconds(1'000));
    ~LiveWatch() override;
    LiveWatch(const LiveWatch&) = delete;
    LiveWatch& operator=(const LiveWatch&) = delete;
    LiveWatch(LiveWatch&&) = delete;
    LiveWatch& operator=(LiveWatch&&) = delete;

    void on_event(const Event& event) override;

private:
    void draw();
    void tick();

    Sink& terminal_;
    Style style_;
    const Clock& clock_;
    AskScreenSize size_;
    const WatchBuilder& builder_;
    std::mutex mutex_;
    Redraw block_;
    WatchView shown_;  ///< as of the last event: ticks come on another thread
    std::chrono::steady_clock::time_point sampled_{};
    Ticker ticker_;
};

/// The same append-only: a line for each change, and a heartbeat.
class PlainWatch final : public Observer {
public:
    PlainWatch(Sink& out, Style style, const Clock& clock, Milliseconds heartbeat);
    ~PlainWatch() override;
    PlainWatch(const PlainWatch&) = delete;
    PlainWatch& operator=(const PlainWatch&) = delete;
    PlainWatch(PlainWatch&&) = delete;
    PlainWatch& operator=(PlainWatch&&) = delete;

    void on_event(const Event& event) override;
    /// Writes the heartbeat line now if nothing was written since the last one.
    void beat();

private:
    void say(Timestamp at, const WatchSample& sample);

    Sink& out_;
    Style style_;
    const Clock& clock_;
    std::mutex mutex_;
    std::optional<WatchSample> last_;
    bool silent_ = true;  ///< since the last heartbeat
    Ticker ticker_;
};

}  // namespace memrb::ui
