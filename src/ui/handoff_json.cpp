#include "ui/handoff_json.h"

#include "ui/diagnosis_json.h"
#include "wire/parts.h"

namespace memrb::ui {

namespace {

using wire::Json;
using wire::or_null;

template <class Items, class ToJson>
Json list_of(const Items& items, ToJson to_json) {
    Json list = Json::array();
    for (const auto& item : items) {
        list.push_back(to_json(item));
    }
    return list;
}

Json tried_json(const TriedStep& step) {
    return {{"at", format_rfc3339(step.at)},
            {"step", wire::text_json(step.step)},
            {"title", or_null(step.title)},
            {"answer", wire::text_json(step.answer)},
            {"why", or_null(step.why)},
            {"begun", step.begun},
            {"status", step.status ? Json(to_string(*step.status)) : Json(nullptr)},
            {"said", or_null(step.said)}};
}

Json rung_json(const RungState& state) {
    return {{"after_ms", state.rung.after.count()},
            {"at", format_rfc3339(state.at)},
            {"do", or_null(state.rung.do_)},
            {"notify", or_null(state.rung.notify)},
            {"due", state.due},
            {"done", state.done},
            {"pulled", or_null(state.pulled)}};
}

Json callee_json(const Callee& callee) {
    return {{"key", wire::text_json(callee.key)},
            {"role", or_null(callee.role)},
            {"reach", or_null(callee.reach)},
            {"channels", wire::texts_json(callee.channels)}};
}

Json message_json(const Standing::Message& message) {
    const Notified& told = message.body;
    return {{"at", format_rfc3339(message.at)}, {"contact", wire::text_json(told.contact)},
            {"channel", told.channel},          {"result", to_string(told.result)},
            {"attempts", told.attempts},        {"status", told.status ? Json(*told.status) : Json(nullptr)},
            {"why", or_null(told.why)}};
}

// Null members tell that nothing was judged: a level of `unknown` was.
Json judged_json(const Standing& standing) {
    const Assessment* known = standing.assessment ? &*standing.assessment : nullptr;
    return {{"at", known == nullptr ? Json(nullptr) : Json(format_rfc3339(standing.assessed))},
            {"level", known == nullptr ? Json(nullptr) : Json(to_string(known->level))},
            {"why", known == nullptr ? Json(nullptr) : or_null(known->level_why)},
            {"ratio", known == nullptr ? Json(nullptr) : wire::number_json(known->ratio)}};
}

}  // namespace

Json handoff_json(const Handoff& handoff) {
    const Standing& standing = handoff.standing;
    return {{"schema", "memrb/handoff/v1"},
            {"incident", or_null(standing.incident)},
            {"folder", or_null(standing.folder.string())},
            {"mode", or_null(standing.mode)},
            {"at", format_rfc3339(handoff.now)},
            {"opened_at", format_rfc3339(standing.opened)},
            {"closed", standing.closed.has_value()},
            {"target", standing.target ? target_json(*standing.target) : Json(nullptr)},
            {"judged", judged_json(standing)},
            {"tried", list_of(standing.tried, tried_json)},
            {"recovery", standing.watched ? Json(to_string(standing.watched->recovery)) : Json(nullptr)},
            {"notes", list_of(standing.notes,
                              [](const Standing::Note& note) {
                                  return Json{{"at", format_rfc3339(note.at)}, {"text", wire::text_json(note.text)}};
                              })},
            {"ladder", list_of(handoff.rungs, rung_json)},
            {"escalate_when", wire::texts_json(handoff.escalate_when)},
            {"contacts", list_of(handoff.callees, callee_json)},
            {"notified", list_of(standing.messages, message_json)},
            {"previewed", list_of(handoff.previewed,
                                  [](const ShownMessage& one) {
                                      return Json{{"contact", wire::text_json(one.contact)},
                                                  {"channel", one.channel},
                                                  {"status", to_string(StepStatus::previewed)},
                                                  {"text", wire::text_json(one.text)}};
                                  })},
            {"text", wire::text_json(render_handoff(handoff))},
            {"warnings", wire::texts_json(handoff.warnings)}};
}

Json tasks_json(const TaskList& list) {
    std::size_t number = 0;
    const auto task_json = [&number](const Task& task) {
        return Json{{"number", ++number}, {"text", wire::text_json(task.text)}, {"from_note", task.from_note},
                    {"done", task.done},  {"at", wire::to_json(task.at)},       {"note", or_null(task.note)}};
    };
    return {{"schema", "memrb/afterwards/v1"},
            {"incident", wire::text_json(list.incident)},
            {"target", or_null(list.target)},
            {"tasks", list_of(list.tasks, task_json)},
            {"warnings", wire::texts_json(list.warnings)}};
}

}  // namespace memrb::ui
