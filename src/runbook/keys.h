#pragma once

#include <span>
#include <string_view>

namespace memrb::runbook {

/// What a key's value looks like. The compiler, the JSON Schema and the reference page all follow these tables.
enum class Shape {
    version,   ///< the number 1
    id,        ///< [a-z][a-z0-9_-]*
    text,      ///< a string, a number counts as its text
    jq,        ///< a jq program
    duration,  ///< `5m`
    percent,   ///< `80%`
    weight,    ///< a whole number from -heaviest_sign to heaviest_sign
    boolean,
    choice,     ///< one of Key::choices
    ids,        ///< a list of ids
    texts,      ///< a list of text
    choices,    ///< a list of Key::choices
    object,     ///< a map with the keys of Key::of
    objects,    ///< a list of such maps
    table,      ///< a map from ids to such maps
    variables,  ///< a map from variable names to text, or to such maps
    values,     ///< a map from variable names to text
    programs,   ///< a map from variable names to jq programs
    steps,      ///< a list of steps
};

struct Object;

struct Key {
    std::string_view name;
    Shape shape = Shape::text;
    bool required = false;
    std::string_view help;
    const Object* of = nullptr;
    std::span<const std::string_view> choices = {};
};

/// The weight of a sign goes from its negative to this.
constexpr int heaviest_sign = 10;

struct Object {
    std::string_view name;  ///< in the schema
    std::string_view what;  ///< with its article: `a cause`
    std::span<const Key> keys;
};

extern const Object runbook_keys;
extern const Object variable_keys;
extern const Object threshold_keys;
extern const Object group_keys;
extern const Object step_keys;  ///< generic ones only: each action adds its own name and parameters
extern const Object retry_keys;
extern const Object cause_keys;
extern const Object sign_keys;
extern const Object option_keys;
extern const Object recover_keys;
extern const Object watch_keys;
extern const Object escalate_keys;
extern const Object rung_keys;
extern const Object contact_keys;
extern const Object link_keys;
extern const Object config_keys;
extern const Object config_target_keys;
extern const Object config_contact_keys;
extern const Object config_slack_keys;
extern const Object config_pagerduty_keys;

/// The patterns of ids and of variable names, as the schema tells them.
constexpr std::string_view id_pattern = "^[a-z][a-z0-9_-]*$";
constexpr std::string_view variable_pattern = "^[a-z][a-z0-9_]*$";
bool is_id(std::string_view text);
/// Variables and captures take no `-`: they are also jq fields (`.vars.name`) and environment variables.
bool is_variable(std::string_view text);

}  // namespace memrb::runbook
