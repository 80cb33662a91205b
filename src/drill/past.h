#pragma once

#include "memrb/event.h"
#include "memrb/outcome.h"
#include "memrb/target.h"

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace memrb::drill {

/// A recorded incident that is decided anew. It stands at a place of its record: what is asked gets the answer that it
/// got from there on, up to the next thing that was done. Doing that same thing moves the place behind it; doing
/// another one leads off the record, which cannot tell what it would have changed. Thread-safe.
class Past {
public:
    /// Gives a recorded outcome the bytes of its outputs. Called from several threads at once.
    using Whole = std::function<Outcome(const Outcome&)>;
    /// `events` outlive it; a target is pinned in them.
    Past(const std::vector<Event>& events, Whole whole);

    /// The record's own time at the place.
    [[nodiscard]] Timestamp now() const;
    /// The target as it was found there.
    [[nodiscard]] Target target() const;

    /// What a step brought. Nothing: the record does not hold it there.
    std::optional<Outcome> outcome_of(const std::string& step);
    /// What the next edit of a file showed before it was made. Nothing: no file was edited next.
    [[nodiscard]] std::optional<Outcome> next_edit() const;
    /// What was answered to the question for a step. Only what is run or done by hand counts.
    void decide(const Decided& decision);
    /// Moves to the diagnosis that was made next, if it was made before anything else was done. False: there is none;
    /// after a change that leads off the record.
    bool look_again();
    /// The next event of a watch that came before anything else was done; the place moves behind it.
    std::optional<Event> next_of_watch();

    /// Where the record was left, in words; empty: it was not.
    [[nodiscard]] std::string off() const;
    /// How many of the decisions have been made as they were.
    [[nodiscard]] std::size_t kept() const;

private:
    [[nodiscard]] std::size_t next_decision(std::size_t from) const;
    [[nodiscard]] std::vector<std::size_t>::const_iterator next_look() const;
    [[nodiscard]] bool saved_evidence() const;
    [[nodiscard]] std::optional<std::size_t> next_end_of(const std::string& step) const;
    void miss(const std::string& step);
    void leave_for(const std::string& step);
    [[nodiscard]] const StepStarted* start_of(std::size_t finished) const;
    void find_looks();

    const std::vector<Event>& events_;
    Whole whole_;
    std::vector<std::size_t> looks_;  ///< where each diagnosis begins
    mutable std::mutex mutex_;
    std::size_t place_ = 0;
    std::size_t look_ = 0;  ///< where the diagnosis begins that was made last
    Timestamp now_{};
    bool changed_ = false;  ///< since the last look
    std::size_t kept_ = 0;
    std::string off_;
};

/// What was run or done by hand in a record.
struct PastDeed {
    Timestamp at{};
    std::string step;
    std::string answer;  ///< run, by hand
};
std::vector<PastDeed> deeds_of(const std::vector<Event>& events);

}  // namespace memrb::drill
