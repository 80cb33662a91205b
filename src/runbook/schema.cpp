#include "runbook/schema.h"

#include "runbook/keys.h"

#include <fmt/core.h>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace memrb::runbook {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view duration_pattern = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h|d|w))+$";
constexpr std::string_view percent_pattern = "^[0-9]+(\\.[0-9]+)? *%$";

Json pattern(std::string_view text) {
    return {{"type", "string"}, {"pattern", text}};
}

// Any scalar: what YAML takes for a number or a truth value is its text.
Json text() {
    return {{"type", Json::array({"string", "number", "boolean"})}};
}

Json list_of(Json items) {
    return {{"type", "array"}, {"items", std::move(items)}, {"minItems", 1}};
}

Json map_of(Json values, std::string_view names) {
    return {{"type", "object"}, {"propertyNames", {{"pattern", names}}}, {"additionalProperties", std::move(values)}};
}

Json one_of_words(std::span<const std::string_view> words) {
    return {{"enum", Json(std::vector<std::string>(words.begin(), words.end()))}};
}

Json reference(const Object& object) {
    return {{"$ref", fmt::format("#/definitions/{}", object.name)}};
}

Json value_of(const Key& key) {
    switch (key.shape) {
        case Shape::version: return {{"const", 1}};
        case Shape::id: return pattern(id_pattern);
        case Shape::text:
        case Shape::jq: return text();
        case Shape::duration: return pattern(duration_pattern);
        case Shape::percent: return pattern(percent_pattern);
        case Shape::weight: return {{"type", "integer"}, {"minimum", -heaviest_sign}, {"maximum", heaviest_sign}};
        case Shape::boolean: return {{"type", "boolean"}};
        case Shape::choice: return one_of_words(key.choices);
        case Shape::ids: return list_of(pattern(id_pattern));
        case Shape::texts: return list_of(text());
        case Shape::choices: return list_of(one_of_words(key.choices));
        case Shape::object: return reference(*key.of);
        case Shape::objects: return list_of(reference(*key.of));
        case Shape::table: return map_of(reference(*key.of), id_pattern);
        case Shape::variables:
            return map_of({{"anyOf", Json::array({text(), Json{{"type", "null"}}, reference(*key.of)})}},
                          variable_pattern);
        case Shape::values:
        case Shape::programs: return map_of(text(), variable_pattern);
        case Shape::steps: return list_of(reference(step_keys));
    }
    return {};
}

Json described(Json value, std::string_view help) {
    // Beside a `$ref` draft 7 ignores all else.
    if (value.contains("$ref")) {
        value = Json{{"allOf", Json::array({std::move(value)})}};
    }
    Json with_help{{"description", help}};
    with_help.update(value);
    return with_help;
}

Json object_schema(const Object& object) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const auto& key : object.keys) {
        properties[std::string(key.name)] = described(value_of(key), key.help);
        if (key.required) {
            required.push_back(key.name);
        }
    }
    Json schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty()) {
        schema["required"] = std::move(required);
    }
    return schema;
}

Json value_of(const ParamSpec& spec) {
    switch (spec.kind) {
        case ParamKind::text: return text();
        case ParamKind::argv: return {{"anyOf", Json::array({text(), list_of(text())})}};
        case ParamKind::list: return list_of(text());
        case ParamKind::duration: return pattern(duration_pattern);
        case ParamKind::boolean: return {{"type", "boolean"}};
        case ParamKind::choice: return one_of_words(spec.choices);
        case ParamKind::pairs: return {{"type", "object"}, {"additionalProperties", text()}};
    }
    return {};
}

const ParamSpec& body_of(const ActionType& action) {
    return *std::find_if(action.params.begin(), action.params.end(),
                         [&](const ParamSpec& spec) { return spec.name == action.body; });
}

// The short form, or a map of parameters; nothing at all where no parameter is demanded.
Json body_schema(const ActionType& action) {
    Json params = Json::object();
    bool demanding = false;
    bool takes_list = false;
    for (const auto& spec : action.params) {
        params[std::string(spec.name)] = described(value_of(spec), spec.help);
        demanding = demanding || spec.required;
        takes_list = takes_list || spec.kind == ParamKind::list || spec.kind == ParamKind::argv;
    }
    Json forms = Json::array({value_of(body_of(action))});
    if (takes_list && body_of(action).kind != ParamKind::argv) {
        forms.push_back(list_of(text()));
    }
    forms.push_back({{"type", "object"}, {"properties", std::move(params)}, {"additionalProperties", false}});
    if (!demanding) {
        forms.push_back({{"type", "null"}});
    }
    return {{"description", action.help}, {"anyOf", std::move(forms)}};
}

// A parameter beside its action. Actions may share its name; the forms that differ are all let through.
struct SharedParam {
    std::string help;
    Json forms = Json::array();
    Json actions = Json::array();
};

std::map<std::string, SharedParam> shared_params(ActionTypes types) {
    std::map<std::string, SharedParam> all;
    for (const ActionType* action : types) {
        for (const auto& spec : action->params) {
            SharedParam& param = all[std::string(spec.name)];
            param.help = param.help.empty() ? spec.help : param.help;
            param.actions.push_back({{"required", Json::array({action->name})}});
            Json form = value_of(spec);
            if (std::find(param.forms.begin(), param.forms.end(), form) == param.forms.end()) {
                param.forms.push_back(std::move(form));
            }
        }
    }
    return all;
}

// A step takes its generic keys, one action, and that action's parameters beside it.
Json step_schema(ActionTypes types) {
    Json schema = object_schema(step_keys);
    Json one_action = Json::array();
    for (const ActionType* action : types) {
        schema["properties"][std::string(action->name)] = body_schema(*action);
        one_action.push_back({{"required", Json::array({action->name})}});
    }
    for (auto& [name, param] : shared_params(types)) {
        Json value = param.forms.size() == 1 ? param.forms.front() : Json{{"anyOf", std::move(param.forms)}};
        schema["properties"][name] = described(std::move(value), param.help);
        schema["dependencies"][name] = {{"anyOf", std::move(param.actions)}};
    }
    schema["oneOf"] = std::move(one_action);
    return schema;
}

}  // namespace

std::string json_schema(ActionTypes types) {
    Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                {"title", "memrb runbook, format 1"},
                {"description", "docs/runbook-format.md explains it; `memrb runbook check` checks all of it."}};
    schema.update(object_schema(runbook_keys));
    Json definitions = Json::object();
    for (const Object* object :
         {&variable_keys, &threshold_keys, &group_keys, &retry_keys, &cause_keys, &sign_keys, &option_keys,
          &recover_keys, &watch_keys, &escalate_keys, &rung_keys, &contact_keys, &link_keys}) {
        definitions[std::string(object->name)] = object_schema(*object);
    }
    definitions[std::string(step_keys.name)] = step_schema(types);
    schema["definitions"] = std::move(definitions);
    return schema.dump(2) + "\n";
}

}  // namespace memrb::runbook
