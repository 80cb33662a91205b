#pragma once

#include "memrb/ports.h"
#include "memrb/recovery.h"
#include "memrb/runbook.h"
#include "memrb/target.h"
#include "ui/style.h"
#include "wire/target_json.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace memrb::ui {

/// A watch for recovery as it is shown: while it goes on, and when it is over.
struct WatchView {
    struct Seen {
        Timestamp at{};
        std::optional<Bytes> used;
        Limit limit;
        std::optional<double> ratio;
        std::string missing;
    };
    std::string incident;
    std::filesystem::path folder;
    Target target;
    std::string runbook_id, runbook_digest;
    std::vector<Threshold> thresholds;
    Milliseconds every{}, lasts{};
    std::string until;
    Timestamp began{};
    Timestamp now{};            ///< of the last event
    std::vector<Seen> samples;  ///< the newest; see `left_out`
    std::size_t left_out = 0;   ///< older ones that are not kept any more
    std::optional<WatchSample> last;
    std::optional<WatchResult> result;
    std::vector<std::string> warnings;
};

/// Collects the view from events: while a watch goes on, and from a journal alike. The last watch of an incident
/// counts. What is not in them (folder, thresholds, warnings) is the caller's.
class WatchBuilder final : public Observer {
public:
    explicit WatchBuilder(WatchView view) : view_(std::move(view)) {}
    void on_event(const Event& event) override;
    [[nodiscard]] const WatchView& view() const { return view_; }
    [[nodiscard]] WatchView& view() { return view_; }

private:
    WatchView view_;
};

/// The block that is redrawn while it goes on, at most `rows` lines; `waited`: time since the last sample.
std::vector<std::string> watch_block(const WatchView& view, Milliseconds waited, int rows, const Style& style);

/// The report when it is over.
std::string render_watch(const WatchView& view, const Style& style);

/// `memrb watch -o json`, schema `memrb/watch/v1` (docs/json.md).
wire::Json watch_json(const WatchView& view);

}  // namespace memrb::ui
