#pragma once

#include "memrb/ports.h"
#include "ui/diagnosis_view.h"

#include <map>

namespace memrb::ui {

/// Collects the view of a diagnosis from its events: while it runs, and from a journal alike. The caller adds what
/// events do not hold: the folder, and whether it is shown from the record.
class DiagnosisBuilder final : public Observer {
public:
    /// With a runbook, steps stand in its order; without, in the order in which they began.
    explicit DiagnosisBuilder(const Runbook* runbook = nullptr);

    void on_event(const Event& event) override;

    [[nodiscard]] const DiagnosisView& view() const { return view_; }
    [[nodiscard]] DiagnosisView& view() { return view_; }

private:
    StepRow& row(const std::string& id);

    DiagnosisView view_;
    std::map<std::string, std::size_t> places_;  ///< of each step id: the runbook's order, then the order of arrival
    std::size_t in_runbook_ = 0;                 ///< how many of them are the runbook's diagnosis
    std::optional<Timestamp> pinned_moment_;
    bool assessed_ = false;  ///< what comes later (notes, a menu) does not move `now`
};

}  // namespace memrb::ui
