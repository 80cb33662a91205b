#include "engine/standing.h"

#include "base/describe.h"
#include "base/overloaded.h"

#include <fmt/core.h>
#include <algorithm>
#include <utility>
#include <variant>

namespace memrb::engine {

namespace {

std::string_view group_of(std::string_view step) {
    return step.substr(0, step.find('.'));
}

std::string said_of(const StepFinished& body) {
    if (body.status == StepStatus::ok || !body.note.empty()) {
        return body.note;
    }
    return base::describe(body.outcome.ending);
}

}  // namespace

void StandingBuilder::on_event(const Event& event) {
    Standing& now = standing_;
    std::visit(base::Overloaded{[&](const IncidentOpened& body) {
                                    now.incident = body.incident;
                                    now.mode = body.mode;
                                    now.runbook_id = body.runbook_id;
                                    now.runbook_digest = body.runbook_digest;
                                    now.runbook_origin = body.runbook_origin;
                                    now.opened = now.opened == Timestamp{} ? event.at : now.opened;
                                    now.closed.reset();
                                },
                                [&](const TargetPinned& body) { now.target = body.target; },
                                [&](const StepStarted& body) { started(event.at, body); },
                                [&](const StepFinished& body) { finished(event.at, body); },
                                [&](const StepSkipped& body) { skipped(body); },
                                [&](const Assessed& body) {
                                    now.assessment = body.assessment;
                                    now.assessed = event.at;
                                },
                                [&](const Decided& body) { decided(event.at, body); },
                                [&](const NoteAdded& body) { now.notes.push_back({event.at, body.text}); },
                                [&](const WatchEnded& body) { now.watched = body.result; },
                                [&](const Escalated&) { now.escalated.push_back(event.at); },
                                [&](const Notified& body) { now.messages.push_back({event.at, body}); },
                                [&](const TaskSet& body) {
                                    now.tasks.insert_or_assign(body.task,
                                                               Standing::Task{event.at, body.done, body.note});
                                },
                                [&](const IncidentClosed& body) { now.closed = body; }, [](const OptionChosen&) {},
                                [](const WatchStarted&) {}, [](const WatchSampled&) {}},
               event.body);
}

void StandingBuilder::decided(Timestamp at, const Decided& body) {
    if (body.answer == "edit") {
        return;  // the question comes again; and arguments, which may hold secrets, are not for a handoff
    }
    TriedStep step;
    step.at = at;
    step.step = body.step;
    step.answer = body.answer;
    step.why = body.why;
    standing_.tried.push_back(std::move(step));
}

void StandingBuilder::started(Timestamp at, const StepStarted& body) {
    if (body.risk == Risk::read) {
        return;
    }
    TriedStep* known = last(body.step);
    if (known == nullptr || known->begun) {
        decided(at, {body.step, "run", {}});
        known = &standing_.tried.back();
    }
    known->begun = true;
    known->title = body.title;
}

void StandingBuilder::finished(Timestamp at, const StepFinished& body) {
    TriedStep* known = last(body.step);
    if (known != nullptr && known->begun && !known->status) {
        known->status = body.status;
        known->said = said_of(body);
    } else if (known == nullptr && follows_a_change(body.step)) {
        TriedStep check;
        check.at = at;
        check.step = body.step;
        check.answer = "check";
        check.begun = true;
        check.status = body.status;
        check.said = said_of(body);
        standing_.tried.push_back(std::move(check));
    }
}

void StandingBuilder::skipped(const StepSkipped& body) {
    if (TriedStep* known = last(body.step); known != nullptr && !known->begun && !known->status) {
        known->title = body.title;
        known->status = body.status;
        known->said = body.why;
    }
}

// A check may be made again: that is another one.
TriedStep* StandingBuilder::last(const std::string& step) {
    const auto found = std::find_if(standing_.tried.rbegin(), standing_.tried.rend(),
                                    [&](const TriedStep& one) { return one.step == step && one.answer != "check"; });
    return found == standing_.tried.rend() ? nullptr : &*found;
}

bool StandingBuilder::follows_a_change(const std::string& step) const {
    return std::any_of(standing_.tried.begin(), standing_.tried.end(), [&](const TriedStep& one) {
        return one.answer != "check" && (one.begun || one.answer == "by hand") && group_of(one.step) == group_of(step);
    });
}

Standing standing_of(std::span<const Event> events, std::filesystem::path folder) {
    StandingBuilder builder;
    builder.in_folder(std::move(folder));
    for (const auto& event : events) {
        builder.on_event(event);
    }
    return builder.standing();
}

}  // namespace memrb::engine
