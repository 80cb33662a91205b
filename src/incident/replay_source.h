#pragma once

#include "incident/outputs.h"
#include "memrb/event.h"
#include "memrb/result.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::incident {

/// What was asked and answered for one step.
struct RecordedStep {
    Request request;
    StepStatus status = StepStatus::unknown;
    Outcome outcome;  ///< with its bytes
};

/// A recorded diagnosis as the answers of a replay. Outputs are read when they are asked for. Thread-safe.
class ReplaySource {
public:
    /// Errors: the record cannot be read, or holds no diagnosis (no target was pinned).
    static Result<ReplaySource> from_folder(const std::filesystem::path& folder);
    /// Of a document as write_bundle() makes it.
    static Result<ReplaySource> from_bundle(std::string_view text);

    [[nodiscard]] const IncidentOpened& opened() const { return opened_; }
    [[nodiscard]] Timestamp opened_at() const { return opened_at_; }
    [[nodiscard]] const TargetPinned& pinned() const { return pinned_; }
    [[nodiscard]] const Target& target() const { return pinned_.target; }
    [[nodiscard]] const std::vector<Event>& events() const { return events_; }
    /// The last line was torn and is not part of it.
    [[nodiscard]] bool torn() const { return torn_; }

    /// The ids of the steps that were done, in the order in which they ended.
    [[nodiscard]] std::vector<std::string> steps() const;

    /// The first time that the step was done: later ones belong to later diagnoses of the same incident, which knew
    /// another time. Nothing if the record does not hold it; an error if its output cannot be read.
    [[nodiscard]] Result<std::optional<RecordedStep>> step(const std::string& id) const;

    /// For the replay runner: an output that cannot be read is told as the outcome's ending.
    [[nodiscard]] std::optional<Outcome> outcome_of(const std::string& id) const;

    /// An outcome of this record's events with its bytes, told likewise.
    [[nodiscard]] Outcome whole(const Outcome& recorded) const;

private:
    struct Place {
        std::optional<std::size_t> started;  ///< index into events_
        std::size_t finished = 0;
    };
    static Result<ReplaySource> from_events(std::vector<Event> events, std::shared_ptr<const OutputFiles> files,
                                            bool torn);

    std::vector<Event> events_;
    std::shared_ptr<const OutputFiles> files_;
    IncidentOpened opened_;
    Timestamp opened_at_{};
    TargetPinned pinned_;
    std::map<std::string, Place> places_;
    bool torn_ = false;
};

}  // namespace memrb::incident
