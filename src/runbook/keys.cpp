#include "runbook/keys.h"

#include <algorithm>
#include <array>

namespace memrb::runbook {

namespace {

using std::string_view;

constexpr std::array<string_view, 4> platforms{"docker", "prometheus", "kubernetes", "cloud-run"};
constexpr std::array<string_view, 5> levels{"watch", "warning", "high", "critical", "oom"};
constexpr std::array<string_view, 4> risks{"read", "reversible", "disruptive", "irreversible"};

constexpr std::array runbook_table{
    Key{"memrb", Shape::version, true, "the format's version, 1"},
    Key{"id", Shape::id, true, "name of the runbook, as `memrb runbook show ID` takes it"},
    Key{"title", Shape::text, true, "one line"},
    Key{"summary", Shape::text, false, "what this runbook is about, Markdown"},
    Key{"severity", Shape::text, false, "severity of the alert, as your organisation words it"},
    Key{"alerts", Shape::texts, false, "names of the alerts that lead here"},
    Key{"platforms", Shape::choices, false, "where it can be used; left out: everywhere", nullptr, platforms},
    Key{"impact", Shape::texts, false, "what happens to users if nothing is done"},
    Key{"symptoms", Shape::texts, false, "what people see"},
    Key{"vars", Shape::variables, false, "settings, each with a default or set by `--set NAME=VALUE`", &variable_keys},
    Key{"thresholds", Shape::objects, false, "rising; left out: 70 %, 80 % for 5 min, 85 %, 95 %, 100 %",
        &threshold_keys},
    Key{"diagnose", Shape::objects, true, "groups of steps that read", &group_keys},
    Key{"evidence", Shape::steps, false, "steps that save what a disruptive change would destroy"},
    Key{"causes", Shape::objects, false, "what it may be, with the signs for and against", &cause_keys},
    Key{"options", Shape::objects, false, "what can be done about it", &option_keys},
    Key{"recover", Shape::object, false, "when it counts as over", &recover_keys},
    Key{"escalate", Shape::object, false, "when and whom to call", &escalate_keys},
    Key{"contacts", Shape::table, false, "people and places by a key", &contact_keys},
    Key{"afterwards", Shape::texts, false, "checklist for the days after"},
    Key{"prevention", Shape::text, false, "how to keep it from happening again, Markdown"},
    Key{"links", Shape::objects, false, "dashboards and related pages", &link_keys},
};

constexpr std::array variable_table{
    Key{"default", Shape::text, false, "may use other variables; left out: it must be set by the user"},
    Key{"help", Shape::text, false, "one line"},
    Key{"secret", Shape::boolean, false, "true: its value is never recorded or shown"},
};

constexpr std::array threshold_table{
    Key{"at", Shape::percent, true, "share of the limit, above 0 % and up to 100 %"},
    Key{"for", Shape::duration, false, "how long without a break; left out: at once"},
    Key{"level", Shape::choice, true, "what it means", nullptr, levels},
};

constexpr std::array group_table{
    Key{"id", Shape::id, true, "first half of the ids of its steps"},
    Key{"title", Shape::text, false, "the question that the group answers"},
    Key{"advice", Shape::text, false, "Markdown shown with the group"},
    Key{"steps", Shape::steps, true, "steps that read"},
};

constexpr std::array step_table{
    Key{"id", Shape::id, true, "second half of the step's full id, GROUP.STEP"},
    Key{"title", Shape::text, false, "one line"},
    Key{"when", Shape::jq, false, "over the facts; false or null skips the step"},
    Key{"capture", Shape::programs, false, "values to keep from the output, by name"},
    Key{"expect", Shape::jq, false, "over the output; the step has failed if it is not true"},
    Key{"retry", Shape::object, false, "try again until it succeeds", &retry_keys},
    Key{"timeout", Shape::duration, false, "100ms to 24h; left out: 30 s for a read"},
    Key{"risk", Shape::choice, false, "raises what the tool's table says; only some actions let it be lowered", nullptr,
        risks},
    Key{"advice", Shape::text, false, "Markdown shown with the step"},
};

constexpr std::array retry_table{
    Key{"every", Shape::duration, true, "pause between two tries"},
    Key{"for", Shape::duration, true, "give up after"},
};

constexpr std::array cause_table{
    Key{"id", Shape::id, true, "name of the cause"},
    Key{"title", Shape::text, true, "one line"},
    Key{"signs", Shape::objects, false, "what speaks for it and against it", &sign_keys},
    Key{"indicators", Shape::texts, false, "what a person may notice and memrb cannot see"},
    Key{"options", Shape::ids, false, "ids of options that help, the most fitting first"},
    Key{"advice", Shape::text, false, "Markdown"},
};

constexpr std::array sign_table{
    Key{"when", Shape::jq, true, "over the facts; null means that it cannot be told"},
    Key{"weight", Shape::weight, true, "-10 to 10 without 0; negative: it speaks against"},
    Key{"says", Shape::text, true, "the sign in words"},
};

constexpr std::array option_table{
    Key{"id", Shape::id, true, "name of the option, first half of the ids of its steps"},
    Key{"title", Shape::text, true, "one line, begins with a verb"},
    Key{"use_when", Shape::text, false, "when this is the right thing to do"},
    Key{"costs", Shape::text, false, "what is lost or paid"},
    Key{"applies", Shape::jq, false, "over the facts; false hides the option"},
    Key{"steps", Shape::steps, false, "what is done, in order"},
    Key{"verify", Shape::steps, false, "how one sees that it worked"},
    Key{"undo", Shape::steps, false, "how it is taken back"},
    Key{"advice", Shape::text, false, "Markdown"},
};

constexpr std::array recover_table{
    Key{"watch", Shape::object, true, "how often and how long to look", &watch_keys},
    Key{"until", Shape::jq, true, "over the facts; must hold all the time that is watched"},
};

constexpr std::array watch_table{
    Key{"every", Shape::duration, true, "pause between two looks, 1s or more"},
    Key{"for", Shape::duration, true, "how long it must hold"},
};

constexpr std::array escalate_table{
    Key{"when", Shape::texts, false, "reasons to call someone, in words"},
    Key{"ladder", Shape::objects, false, "what happens when, rising", &rung_keys},
};

constexpr std::array rung_table{
    Key{"after", Shape::duration, true, "time since the incident began, `0m` first"},
    Key{"do", Shape::text, false, "what to do"},
    Key{"notify", Shape::id, false, "key of a contact"},
};

constexpr std::array contact_table{
    Key{"role", Shape::text, true, "who it is"},
    Key{"reach", Shape::text, true, "how to reach them; text in [brackets] counts as not configured"},
};

constexpr std::array link_table{
    Key{"title", Shape::text, true, "one line"},
    Key{"url", Shape::text, true, "address, or a file beside the runbook"},
};

constexpr std::array config_table{
    Key{"targets", Shape::table, false, "names of your services and where they run", &config_target_keys},
    Key{"vars", Shape::values, false, "values of runbook variables, for all runbooks"},
    Key{"contacts", Shape::table, false, "replaces contacts of runbooks by key", &config_contact_keys},
    Key{"read_only", Shape::boolean, false, "true: memrb never changes anything"},
};

constexpr std::array config_target_table{
    Key{"platform", Shape::choice, true, "where it runs", nullptr, platforms},
    Key{"name", Shape::text, false, "its name there; left out: the key"},
    Key{"runbook", Shape::text, false, "id or file of the runbook for it"},
    Key{"vars", Shape::values, false, "values of runbook variables, for this target"},
};

constexpr std::array config_contact_table{
    Key{"role", Shape::text, false, "who it is; left out: the runbook's words"},
    Key{"reach", Shape::text, true, "how to reach them"},
    Key{"slack", Shape::object, false, "memrb can notify them by an incoming webhook", &config_slack_keys},
    Key{"pagerduty", Shape::object, false, "memrb can page them by Events API v2", &config_pagerduty_keys},
};

constexpr std::array config_slack_table{
    Key{"webhook_env", Shape::text, false, "environment variable that holds the webhook's address"},
    Key{"webhook_file", Shape::text, false, "file that holds it"},
};

constexpr std::array config_pagerduty_table{
    Key{"routing_key_env", Shape::text, false, "environment variable that holds the integration's routing key"},
    Key{"routing_key_file", Shape::text, false, "file that holds it"},
    Key{"url", Shape::text, false, "left out: https://events.pagerduty.com/v2/enqueue"},
};

bool matches(string_view text, bool hyphens) {
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && lower(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
        return lower(c) || (c >= '0' && c <= '9') || c == '_' || (hyphens && c == '-');
    });
}

}  // namespace

constinit const Object runbook_keys{"runbook", "a runbook", runbook_table};
constinit const Object variable_keys{"variable", "a variable", variable_table};
constinit const Object threshold_keys{"threshold", "a threshold", threshold_table};
constinit const Object group_keys{"group", "a group of steps", group_table};
constinit const Object step_keys{"step", "a step", step_table};
constinit const Object retry_keys{"retry", "`retry`", retry_table};
constinit const Object cause_keys{"cause", "a cause", cause_table};
constinit const Object sign_keys{"sign", "a sign", sign_table};
constinit const Object option_keys{"option", "an option", option_table};
constinit const Object recover_keys{"recover", "`recover`", recover_table};
constinit const Object watch_keys{"watch", "`watch`", watch_table};
constinit const Object escalate_keys{"escalate", "`escalate`", escalate_table};
constinit const Object rung_keys{"rung", "a rung of the ladder", rung_table};
constinit const Object contact_keys{"contact", "a contact", contact_table};
constinit const Object link_keys{"link", "a link", link_table};
constinit const Object config_keys{"config", "the config file", config_table};
constinit const Object config_target_keys{"config_target", "a target", config_target_table};
constinit const Object config_contact_keys{"config_contact", "a contact", config_contact_table};
constinit const Object config_slack_keys{"config_slack", "`slack`", config_slack_table};
constinit const Object config_pagerduty_keys{"config_pagerduty", "`pagerduty`", config_pagerduty_table};

bool is_id(std::string_view text) {
    return matches(text, true);
}

bool is_variable(std::string_view text) {
    return matches(text, false);
}

}  // namespace memrb::runbook
