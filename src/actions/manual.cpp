#include "actions/ending.h"
#include "memrb/action.h"

namespace memrb::actions {

extern const ActionType manual_action;

namespace {

Result<void> check(const Params& params) {
    if (params.text("text").find_first_not_of(" \t\r\n") == std::string::npos) {
        return fail(Fault::usage, "`manual` does not say what is to be done");
    }
    return {};
}

// memrb itself does nothing; what the person does is not memrb's to judge. A runbook may raise it.
Risk risk(const Params& /*params*/) {
    return Risk::read;
}

Result<Request> plan(const Params& params, const ActionContext& /*context*/) {
    return HumanTask{params.text("text")};
}

Interpretation interpret(const Params& /*params*/, const ActionContext& /*context*/, const Outcome& outcome) {
    return interpret_plain("manual step", outcome);
}

}  // namespace

const ActionType manual_action{
    .name = "manual",
    .help = "Tell a person what to do or to look at",
    .body = "text",
    .params = {{.name = "text", .kind = ParamKind::text, .required = true, .help = "what the person does"}},
    .check = check,
    .risk = risk,
    .plan = plan,
    .interpret = interpret,
};

}  // namespace memrb::actions
