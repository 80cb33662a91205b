#include "ui/runbook_json.h"

#include "wire/parts.h"

namespace memrb::ui {

namespace {

using wire::Json;
using wire::or_null;

Json expression_json(const std::optional<Expression>& expression) {
    return expression ? Json(expression->text) : Json(nullptr);
}

Json seconds_json(Milliseconds span) {
    return span.count() % 1000 == 0 ? Json(span.count() / 1000) : Json(static_cast<double>(span.count()) / 1000.0);
}

template <class T, class Write>
Json list_json(const std::vector<T>& items, Write write) {
    Json all = Json::array();
    for (const auto& item : items) {
        all.push_back(write(item));
    }
    return all;
}

Json param_json(const ParamSpec& spec, const Param& param) {
    switch (spec.kind) {
        case ParamKind::argv:
        case ParamKind::list: return param.list;
        case ParamKind::pairs: {
            Json pairs = Json::object();
            for (const auto& [name, value] : param.pairs) {
                pairs[name] = value;
            }
            return pairs;
        }
        default: return param.text;
    }
}

Json step_json(const Step& step) {
    Json params = Json::object();
    if (step.action != nullptr) {
        for (const auto& spec : step.action->params) {
            if (step.params.has(spec.name)) {
                params[std::string(spec.name)] = param_json(spec, step.params.all().find(spec.name)->second);
            }
        }
    }
    Json captures = Json::object();
    for (const auto& [name, expression] : step.captures) {
        captures[name] = expression.text;
    }
    return {{"id", step.id},
            {"title", step.title},
            {"action", step.action == nullptr ? Json(nullptr) : Json(step.action->name)},
            {"params", std::move(params)},
            {"risk", to_string(step.risk)},
            {"when", expression_json(step.when)},
            {"captures", std::move(captures)},
            {"expect", expression_json(step.expect)},
            {"timeout_seconds", step.timeout ? seconds_json(*step.timeout) : Json(nullptr)},
            {"needs", step.needs}};
}

Json group_json(const StepGroup& group) {
    return {{"id", group.id}, {"title", group.title}, {"steps", list_json(group.steps, step_json)}};
}

Json cause_json(const Cause& cause) {
    const auto sign_json = [](const Sign& sign) {
        return Json{{"when", sign.when.text}, {"weight", sign.weight}, {"says", sign.says}};
    };
    return {{"id", cause.id},
            {"title", cause.title},
            {"indicators", cause.indicators},
            {"signs", list_json(cause.signs, sign_json)},
            {"options", cause.options},
            {"advice", or_null(cause.advice)}};
}

Json option_json(const Option& option) {
    return {{"id", option.id},
            {"title", option.title},
            {"use_when", or_null(option.use_when)},
            {"costs", or_null(option.costs)},
            {"applies", expression_json(option.applies)},
            {"steps", list_json(option.steps, step_json)},
            {"verify", list_json(option.verify, step_json)},
            {"undo", list_json(option.undo, step_json)},
            {"advice", or_null(option.advice)}};
}

Json variable_json(const Variable& variable) {
    return {{"name", variable.name},
            {"default", variable.fallback ? Json(*variable.fallback) : Json(nullptr)},
            {"help", or_null(variable.help)},
            {"secret", variable.secret}};
}

Json threshold_json(const Threshold& threshold) {
    return {{"at", threshold.at}, {"for_seconds", seconds_json(threshold.for_)}, {"level", to_string(threshold.level)}};
}

Json recovery_json(const Runbook& runbook) {
    Json watch = nullptr;
    if (runbook.watch) {
        watch = {{"every_seconds", seconds_json(runbook.watch->every)},
                 {"for_seconds", seconds_json(runbook.watch->for_)}};
    }
    return {{"watch", std::move(watch)}, {"until", expression_json(runbook.recovered)}};
}

Json escalation_json(const Runbook& runbook) {
    const auto rung_json = [](const Rung& rung) {
        return Json{
            {"after_seconds", seconds_json(rung.after)}, {"do", or_null(rung.do_)}, {"notify", or_null(rung.notify)}};
    };
    const auto contact_json = [](const Contact& contact) {
        return Json{{"key", contact.key}, {"role", or_null(contact.role)}, {"reach", or_null(contact.reach)}};
    };
    return {{"when", runbook.escalate_when},
            {"ladder", list_json(runbook.ladder, rung_json)},
            {"contacts", list_json(runbook.contacts, contact_json)}};
}

Json reference_json(const Runbook& runbook) {
    return {{"id", runbook.id},
            {"title", runbook.title},
            {"digest", runbook.digest},
            {"origin", or_null(runbook.origin)},
            {"severity", or_null(runbook.severity)},
            {"alerts", runbook.alerts},
            {"platforms", list_json(runbook.platforms, [](Platform platform) { return Json(to_string(platform)); })}};
}

}  // namespace

Json runbook_json(const Runbook& runbook) {
    const auto link_json = [](const Link& link) { return Json{{"title", link.title}, {"url", link.url}}; };
    Json json{{"schema", "memrb/runbook/v1"}};
    json.update(reference_json(runbook));
    json["summary"] = or_null(runbook.summary);
    json["impact"] = runbook.impact;
    json["symptoms"] = runbook.symptoms;
    json["vars"] = list_json(runbook.vars, variable_json);
    json["thresholds"] = list_json(runbook.thresholds, threshold_json);
    json["diagnose"] = list_json(runbook.diagnose, group_json);
    json["causes"] = list_json(runbook.causes, cause_json);
    json["options"] = list_json(runbook.options, option_json);
    json["recover"] = recovery_json(runbook);
    json["escalate"] = escalation_json(runbook);
    json["afterwards"] = runbook.afterwards;
    json["prevention"] = or_null(runbook.prevention);
    json["links"] = list_json(runbook.links, link_json);
    return json;
}

Json runbook_list_json(std::span<const Runbook* const> runbooks) {
    Json all = Json::array();
    for (const auto* runbook : runbooks) {
        all.push_back(reference_json(*runbook));
    }
    return {{"schema", "memrb/runbooks/v1"}, {"runbooks", std::move(all)}};
}

}  // namespace memrb::ui
