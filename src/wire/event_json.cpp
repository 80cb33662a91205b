#include "wire/event_json.h"

#include "base/text.h"
#include "wire/assessment_json.h"
#include "wire/document.h"
#include "wire/outcome_json.h"
#include "wire/parts.h"
#include "wire/request_json.h"
#include "wire/watch_json.h"

#include <algorithm>
#include <array>

namespace memrb::wire {

namespace {

// Captures are JSON values as text; one that is not (which no jq program yields) is kept as a string.
Json captures_json(const Pairs& captures) {
    Json all = Json::object();
    for (const auto& [name, value] : captures) {
        auto parsed = parse_json(value);
        all[base::to_utf8(name)] = parsed ? std::move(*parsed) : text_json(value);
    }
    return all;
}

Pairs captures_from(const Fields& fields) {
    Pairs all;
    if (!fields.has("captures")) {
        return all;
    }
    const Fields captures = fields.object("captures");
    if (captures.json().is_object()) {
        for (const auto& [name, value] : captures.json().items()) {
            all.emplace_back(name, dump(value));
        }
    }
    return all;
}

struct BodyWriter {
    Json& json;

    void operator()(const IncidentOpened& body) const {
        json["event"] = "incident_opened";
        json["incident"] = text_json(body.incident);
        json["mode"] = text_json(body.mode);
        json["version"] = text_json(body.version);
        json["runbook"] = {{"id", text_json(body.runbook_id)},
                           {"digest", text_json(body.runbook_digest)},
                           {"origin", text_json(body.runbook_origin)}};
        json["command_line"] = texts_json(body.command_line);
    }
    void operator()(const TargetPinned& body) const {
        json["event"] = "target_pinned";
        json["target"] = to_json(body.target);
        json["moment"] = to_json(body.moment);
        json["past"] = body.past;
        json["vars"] = map_json(body.vars);
    }
    void operator()(const StepStarted& body) const {
        json["event"] = "step_started";
        json["step"] = text_json(body.step);
        json["title"] = text_json(body.title);
        json["action"] = text_json(body.action);
        json["risk"] = to_string(body.risk);
        json["request"] = to_json(body.request);
        json["timeout_ms"] = body.timeout.count();
    }
    void operator()(const StepFinished& body) const {
        json["event"] = "step_finished";
        json["step"] = text_json(body.step);
        json["status"] = to_string(body.status);
        json["outcome"] = to_json(body.outcome);
        json["note"] = text_json(body.note);
        json["warnings"] = texts_json(body.warnings);
        json["captures"] = captures_json(body.captures);
    }
    void operator()(const StepSkipped& body) const {
        json["event"] = "step_skipped";
        json["step"] = text_json(body.step);
        json["title"] = text_json(body.title);
        json["status"] = to_string(body.status);
        json["why"] = text_json(body.why);
    }
    void operator()(const Assessed& body) const {
        json["event"] = "assessed";
        json["assessment"] = to_json(body.assessment);
    }
    void operator()(const OptionChosen& body) const {
        json["event"] = "option_chosen";
        json["option"] = text_json(body.option);
    }
    void operator()(const Decided& body) const {
        json["event"] = "decided";
        json["step"] = text_json(body.step);
        json["answer"] = text_json(body.answer);
        json["why"] = text_json(body.why);
    }
    void operator()(const NoteAdded& body) const {
        json["event"] = "note_added";
        json["text"] = text_json(body.text);
    }
    void operator()(const IncidentClosed& body) const {
        json["event"] = "incident_closed";
        json["exit_code"] = body.exit_code;
        json["reason"] = text_json(body.reason);
    }
    void operator()(const WatchStarted& body) const {
        json["event"] = "watch_started";
        json["every_ms"] = body.every.count();
        json["for_ms"] = body.lasts.count();
        json["until"] = or_null(body.until);
    }
    void operator()(const WatchSampled& body) const {
        json["event"] = "watch_sampled";
        json.update(to_json(body.sample));
    }
    void operator()(const WatchEnded& body) const {
        json["event"] = "watch_ended";
        json.update(to_json(body.result));
    }
    void operator()(const Escalated& body) const {
        json["event"] = "escalated";
        json["from"] = text_json(body.from);
        json["contacts"] = texts_json(body.contacts);
    }
    void operator()(const Notified& body) const {
        json["event"] = "notified";
        json["contact"] = text_json(body.contact);
        json["channel"] = text_json(body.channel);
        json["result"] = to_string(body.result);
        json["attempts"] = body.attempts;
        json["status"] = body.status ? Json(*body.status) : Json(nullptr);
        json["why"] = or_null(body.why);
        json["dedup_key"] = or_null(body.dedup_key);
    }
    void operator()(const TaskSet& body) const {
        json["event"] = "task_set";
        json["task"] = text_json(body.task);
        json["done"] = body.done;
        json["note"] = text_json(body.note);
    }
};

StepStatus status_from(const Fields& fields) {
    return fields.word<StepStatus>("status", [](StepStatus value) { return to_string(value); });
}

IncidentOpened opened_from(const Fields& fields) {
    IncidentOpened body;
    body.incident = fields.text("incident");
    body.mode = fields.text("mode");
    body.version = fields.text("version");
    const Fields runbook = fields.object("runbook");
    body.runbook_id = runbook.text("id");
    body.runbook_digest = runbook.text("digest");
    body.runbook_origin = runbook.opt_text("origin");
    body.command_line = fields.texts("command_line");
    return body;
}

StepStarted started_from(const Fields& fields) {
    StepStarted body;
    body.step = fields.text("step");
    body.title = fields.opt_text("title");
    body.action = fields.text("action");
    body.risk = fields.word<Risk>("risk", [](Risk value) { return to_string(value); });
    body.request = request_from(fields.object("request"));
    body.timeout = fields.milliseconds("timeout_ms");
    return body;
}

StepFinished finished_from(const Fields& fields) {
    StepFinished body;
    body.step = fields.text("step");
    body.status = status_from(fields);
    body.outcome = outcome_from(fields.object("outcome"));
    body.note = fields.opt_text("note");
    body.warnings = fields.texts("warnings");
    body.captures = captures_from(fields);
    return body;
}

Notified notified_from(const Fields& fields) {
    Notified body;
    body.contact = fields.text("contact");
    body.channel = fields.text("channel");
    body.result = fields.word<Notified::Result>("result", [](Notified::Result value) { return to_string(value); });
    body.attempts = fields.count("attempts");
    body.status = fields.opt_integer("status");
    body.why = fields.opt_text("why");
    body.dedup_key = fields.opt_text("dedup_key");
    return body;
}

EventBody body_from(const std::string& kind, const Fields& fields) {
    if (kind == "incident_opened") {
        return opened_from(fields);
    }
    if (kind == "target_pinned") {
        return TargetPinned{target_from(fields.object("target")), fields.opt_time("moment"), fields.flag("past", false),
                            fields.map("vars")};
    }
    if (kind == "step_started") {
        return started_from(fields);
    }
    if (kind == "step_finished") {
        return finished_from(fields);
    }
    if (kind == "step_skipped") {
        return StepSkipped{fields.text("step"), fields.opt_text("title"), status_from(fields), fields.text("why")};
    }
    if (kind == "assessed") {
        return Assessed{assessment_from(fields.object("assessment"))};
    }
    if (kind == "option_chosen") {
        return OptionChosen{fields.text("option")};
    }
    if (kind == "decided") {
        return Decided{fields.text("step"), fields.text("answer"), fields.opt_text("why")};
    }
    if (kind == "note_added") {
        return NoteAdded{fields.text("text")};
    }
    if (kind == "watch_started") {
        return WatchStarted{fields.milliseconds("every_ms"), fields.milliseconds("for_ms"), fields.opt_text("until")};
    }
    if (kind == "watch_sampled") {
        return WatchSampled{watch_sample_from(fields)};
    }
    if (kind == "watch_ended") {
        return WatchEnded{watch_result_from(fields)};
    }
    if (kind == "escalated") {
        return Escalated{fields.text("from"), fields.texts("contacts")};
    }
    if (kind == "notified") {
        return notified_from(fields);
    }
    if (kind == "task_set") {
        return TaskSet{fields.text("task"), fields.flag("done", false), fields.opt_text("note")};
    }
    return IncidentClosed{fields.integer("exit_code"), fields.opt_text("reason")};
}

constexpr std::array<std::string_view, std::variant_size_v<EventBody>> kinds{
    "incident_opened", "target_pinned", "step_started", "step_finished",   "step_skipped",  "assessed",
    "option_chosen",   "decided",       "note_added",   "incident_closed", "watch_started", "watch_sampled",
    "watch_ended",     "escalated",     "notified",     "task_set"};

}  // namespace

Json to_json(const Event& event) {
    Json json = object_for(10);
    json["seq"] = event.seq;
    json["at"] = format_rfc3339(event.at);
    std::visit(BodyWriter{json}, event.body);
    return json;
}

Result<Event> event_from_json(const Json& json) {
    Problem problem;
    Fields top(json, "event", problem);
    const std::string kind = top.text("event");
    if (!kind.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
        top.note("event", "is of a kind that this memrb does not know");
    }
    const Fields fields(json, kind.empty() ? "event" : kind, problem);
    Event event;
    event.seq = fields.count("seq");
    event.at = fields.time("at");
    if (json.is_object() && fields.has("seq") && event.seq == 0) {
        fields.note("seq", "must be 1 or more");
    }
    event.body = body_from(kind, fields);
    return problem.check(std::move(event));
}

}  // namespace memrb::wire
