#pragma once

#include "memrb/ports.h"
#include "ui/sink.h"
#include "ui/style.h"
#include "ui/ticker.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace memrb::ui {

/// Append-only lines: one for each step that ends, and a heartbeat while steps run for long.
class PlainProgress final : public Observer {
public:
    /// `heartbeat`: how often to say what still runs (ux.md: 30 s); absent: never.
    PlainProgress(Sink& out, Style style, const Clock& clock, std::optional<Milliseconds> heartbeat);
    ~PlainProgress() override;
    PlainProgress(const PlainProgress&) = delete;
    PlainProgress& operator=(const PlainProgress&) = delete;
    PlainProgress(PlainProgress&&) = delete;
    PlainProgress& operator=(PlainProgress&&) = delete;

    void on_event(const Event& event) override;
    /// Writes the heartbeat line now, if a step runs.
    void beat();
    /// No heartbeat from here on until a step starts.
    void finish();

private:
    struct Running {
        std::string step;
        Milliseconds timeout{};
        std::chrono::steady_clock::time_point since;
    };

    Sink& out_;
    Style style_;
    const Clock& clock_;
    std::mutex mutex_;
    std::vector<Running> running_;
    std::optional<Ticker> ticker_;
};

}  // namespace memrb::ui
