#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace memrb::system {

/// The order in which a process group is asked, told and made to end. A pure timetable: the caller sends the signals.
class Escalation {
public:
    using Moment = std::chrono::steady_clock::time_point;
    enum class Cause { none, timeout, stop };

    static constexpr std::chrono::milliseconds patience{2000};  ///< between two signals

    /// timeout: TERM, KILL. stop: INT, TERM, KILL. Does nothing if one has begun already.
    void begin(Cause cause, Moment now);

    /// The signal that is due, if one is.
    [[nodiscard]] std::optional<int> due(Moment now);
    /// When to ask again; none: not begun, or all is sent and waited for.
    [[nodiscard]] std::optional<Moment> next() const;
    /// KILL is sent and its effect was waited for: there is nothing more that can be done.
    [[nodiscard]] bool exhausted(Moment now) const;
    [[nodiscard]] bool kill_sent() const { return cause_ != Cause::none && sent_ == signals_.size(); }
    [[nodiscard]] Cause cause() const { return cause_; }

private:
    Cause cause_ = Cause::none;
    std::vector<int> signals_;
    std::size_t sent_ = 0;
    Moment next_{};
};

}  // namespace memrb::system
