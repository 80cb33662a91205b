#include "ui/diagnosis_builder.h"

#include "base/overloaded.h"

#include <algorithm>

namespace memrb::ui {

namespace {

// Forgets what is known of the step, but not which one it is.
void fresh(StepRow& row) {
    StepRow empty;
    empty.id = row.id;
    empty.aside = row.aside;
    row = std::move(empty);
}

}  // namespace

DiagnosisBuilder::DiagnosisBuilder(const Runbook* runbook) {
    view_.runbook = runbook;
    if (runbook != nullptr) {
        view_.runbook_id = runbook->id;
        view_.runbook_digest = runbook->digest;
        for (const auto& group : runbook->diagnose) {
            for (const auto& step : group.steps) {
                places_.try_emplace(step.id, places_.size());
            }
        }
        in_runbook_ = places_.size();
    }
}

// The rows stand in the order of their places, so that a runbook of a thousand steps costs no thousand searches each.
StepRow& DiagnosisBuilder::row(const std::string& id) {
    if (!view_.steps.empty() && view_.steps.back().id == id) {
        return view_.steps.back();
    }
    const std::size_t place = places_.try_emplace(id, places_.size()).first->second;
    auto& steps = view_.steps;
    const auto before = [&](const StepRow& step, std::size_t wanted) { return places_.at(step.id) < wanted; };
    // Nearly always a step comes behind all others.
    const auto at = steps.empty() || before(steps.back(), place)
                        ? steps.end()
                        : std::lower_bound(steps.begin(), steps.end(), place, before);
    if (at != steps.end() && at->id == id) {
        return *at;
    }
    StepRow row;
    row.id = id;
    row.aside = view_.runbook != nullptr && place >= in_runbook_;
    return *steps.insert(at, std::move(row));
}

void DiagnosisBuilder::on_event(const Event& event) {
    if (!assessed_ && !pinned_moment_) {
        view_.now = event.at;
    }
    std::visit(base::Overloaded{[&](const IncidentOpened& body) {
                                    view_.incident = body.incident;
                                    view_.mode = body.mode;
                                    view_.runbook_id = body.runbook_id;
                                    view_.runbook_digest = body.runbook_digest;
                                },
                                [&](const TargetPinned& body) {
                                    view_.target = body.target;
                                    view_.past = body.past;
                                    pinned_moment_ = body.moment;
                                    view_.now = body.moment.value_or(event.at);
                                },
                                [&](const StepStarted& body) {
                                    StepRow& step = row(body.step);
                                    fresh(step);  // a second diagnosis of the same incident replaces the first
                                    step.title = body.title;
                                    step.risk = body.risk;
                                    step.request = body.request;
                                },
                                [&](const StepFinished& body) {
                                    StepRow& step = row(body.step);
                                    step.status = body.status;
                                    step.outcome = body.outcome;
                                    step.elapsed = body.outcome.elapsed;
                                    (body.status == StepStatus::ok ? step.note : step.why) = body.note;
                                    step.warnings = body.warnings;
                                },
                                [&](const StepSkipped& body) {
                                    StepRow& step = row(body.step);
                                    fresh(step);
                                    step.title = body.title;
                                    step.status = body.status;
                                    step.why = body.why;
                                },
                                [&](const Assessed& body) {
                                    view_.assessment = body.assessment;
                                    assessed_ = true;
                                    view_.now = pinned_moment_.value_or(event.at);
                                },
                                [](const OptionChosen&) {}, [](const Decided&) {}, [](const NoteAdded&) {},
                                [](const IncidentClosed&) {}, [](const WatchStarted&) {}, [](const WatchSampled&) {},
                                [](const WatchEnded&) {}, [](const Escalated&) {}, [](const Notified&) {},
                                [](const TaskSet&) {}},
               event.body);
}

}  // namespace memrb::ui
