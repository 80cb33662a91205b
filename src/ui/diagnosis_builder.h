#pragma once

#include "memrb/ports.h"
#include "ui/diagnosis_view.h"

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
    [[nodiscard]] std::size_t place_of(const std::string& id) const;

    DiagnosisView view_;
    std::vector<std::string> order_;  ///< step ids of the runbook
    std::optional<Timestamp> pinned_moment_;
    bool assessed_ = false;  ///< what comes later (notes, a menu) does not move `now`
};

}  // namespace memrb::ui
