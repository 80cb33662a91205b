#pragma once

#include "memrb/ports.h"
#include "memrb/standing.h"

#include <span>

namespace memrb::engine {

/// Follows an incident event by event.
class StandingBuilder final : public Observer {
public:
    void on_event(const Event& event) override;
    void in_folder(std::filesystem::path folder) { standing_.folder = std::move(folder); }
    [[nodiscard]] const Standing& standing() const { return standing_; }

private:
    void decided(Timestamp at, const Decided& body);
    void started(Timestamp at, const StepStarted& body);
    void finished(Timestamp at, const StepFinished& body);
    void skipped(const StepSkipped& body);
    TriedStep* last(const std::string& step);
    [[nodiscard]] bool follows_a_change(const std::string& step) const;

    Standing standing_;
};

/// Of a record that was read.
Standing standing_of(std::span<const Event> events, std::filesystem::path folder);

}  // namespace memrb::engine
