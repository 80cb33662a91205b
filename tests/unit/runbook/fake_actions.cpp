#include "fake_actions.h"

#include <array>

namespace memrb::runbook {

namespace {

Result<void> accept(const Params& /*params*/) {
    return {};
}

Risk reads(const Params& /*params*/) {
    return Risk::read;
}

Risk disrupts(const Params& /*params*/) {
    return Risk::disruptive;
}

Result<Request> plan_nothing(const Params& /*params*/, const ActionContext& /*context*/) {
    return fail(Fault::failed, "a fake action plans nothing");
}

Interpretation interpret_nothing(const Params& /*params*/, const ActionContext& /*context*/,
                                 const Outcome& /*outcome*/) {
    return {};
}

Result<void> check_tool(const Params& params) {
    if (params.list("args").front() == "follow") {
        return fail(Fault::usage, "`tool follow` never ends", "add `--until`");
    }
    return {};
}

Risk tool_risk(const Params& params) {
    const std::string& verb = params.list("args").front();
    if (verb == "read" || verb == "ls") {
        return Risk::read;
    }
    return verb == "wipe" ? Risk::irreversible : Risk::disruptive;
}

Risk web_risk(const Params& params) {
    return params.has("get") ? Risk::read : Risk::disruptive;
}

const ActionType tool{
    .name = "tool",
    .help = "Run the tool",
    .body = "args",
    .params = {{.name = "args", .kind = ParamKind::argv, .required = true, .help = "what follows `tool`"}},
    .check = check_tool,
    .risk = tool_risk,
    .plan = plan_nothing,
    .interpret = interpret_nothing,
};

const ActionType query{
    .name = "query",
    .help = "Ask the database",
    .body = "text",
    .params = {{.name = "text",
                .kind = ParamKind::text,
                .required = true,
                .help = "the question",
                .expansion = Expansion::promql},
               {.name = "range", .kind = ParamKind::duration, .help = "how far back"},
               {.name = "role", .kind = ParamKind::choice, .help = "what it measures", .choices = {"memory", "limit"}},
               {.name = "quiet", .kind = ParamKind::boolean, .help = "no output"}},
    .check = accept,
    .risk = reads,
    .plan = plan_nothing,
    .interpret = interpret_nothing,
};

const ActionType web{
    .name = "web",
    .help = "Ask a web address",
    .body = "get",
    .params = {{.name = "get", .help = "the address to GET"},
               {.name = "post", .help = "the address to POST to"},
               {.name = "headers", .kind = ParamKind::pairs, .help = "further header lines"}},
    .check = accept,
    .risk = web_risk,
    .may_lower_risk = true,
    .plan = plan_nothing,
    .interpret = interpret_nothing,
};

const ActionType script{
    .name = "script",
    .help = "Run a script",
    .body = "text",
    .params = {{.name = "text", .help = "for the shell", .expansion = Expansion::none},
               {.name = "argv", .kind = ParamKind::list, .help = "a program without a shell"}},
    .check = accept,
    .risk = disrupts,
    .may_lower_risk = true,
    .plan = plan_nothing,
    .interpret = interpret_nothing,
};

}  // namespace

ActionTypes fake_actions() {
    static constexpr std::array types{&tool, &query, &web, &script};
    return types;
}

}  // namespace memrb::runbook
