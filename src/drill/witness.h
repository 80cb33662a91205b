#pragma once

#include "drill/runner.h"
#include "drill/tale.h"
#include "memrb/ports.h"

#include <string>
#include <vector>

namespace memrb::drill {

/// Follows the events of a drill: writes the tale, and acts out what the operator does with own hands or has others do.
class Witness final : public Observer {
public:
    Witness(DrillRunner& runner, DrillClock& clock) : runner_(runner), clock_(clock) {}

    void on_event(const Event& event) override;

    [[nodiscard]] Tale& tale() { return tale_; }
    /// The service that is looked at; empty before a target was found.
    [[nodiscard]] const std::string& service() const { return service_; }

private:
    void pinned(const Target& target);
    void started(const StepStarted& step, Timestamp at);
    void finished(const StepFinished& step);
    void decided(const Decided& decision);
    void act_out(const std::string& step);
    [[nodiscard]] Tale::Deed& deed(Timestamp at);

    DrillRunner& runner_;
    DrillClock& clock_;
    Tale tale_;
    std::string service_;
    std::string option_;         ///< the one that was chosen last
    bool deed_open_ = false;     ///< tale_.deeds.back() is of option_
    bool evidence_bad_ = false;  ///< something was not saved for it
};

}  // namespace memrb::drill
