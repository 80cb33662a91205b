#include "drill/past_stage.h"

#include "base/overloaded.h"

#include <variant>

namespace memrb::drill {

Outcome PastRunner::run(const Request& request, const RunContext& context, const Stop& /*stop*/) {
    Outcome missing;
    missing.started = past_.now();
    if (std::holds_alternative<Wait>(request)) {  // between attempts: the record holds the last one only
        missing.ending = NotStarted{"a record does not wait"};
        return missing;
    }
    missing.ending = NotStarted{"the record does not hold this step here"};
    const auto* edit = std::get_if<FileEdit>(&request);
    if (edit != nullptr && edit->preview && context.step.empty()) {
        missing.ending = Previewed{};
        return past_.next_edit().value_or(std::move(missing));
    }
    return past_.outcome_of(context.step).value_or(std::move(missing));
}

void PastWitness::on_event(const Event& event) {
    std::visit(base::Overloaded{
                   [&](const IncidentOpened& body) { tale_.incident = body.incident; },
                   [&](const Decided& body) { past_.decide(body); },
                   [&](const Assessed& body) {
                       tale_.looks.push_back(look_of(event.at, past_.target().name, body.assessment));
                   },
                   [&](const WatchStarted&) { tale_.watches.push_back(event.at); },
                   [&](const Escalated&) { tale_.escalations.push_back(event.at); },
                   [](const auto&) {},
               },
               event.body);
}

}  // namespace memrb::drill
