#include "actions/docker_answer.h"
#include "actions/docker_rules.h"
#include "actions/docker_verbs.h"
#include "memrb/action.h"

namespace memrb::actions {

extern const ActionType docker_action;

namespace {

Result<void> check(const Params& params) {
    return check_docker_words(params, docker_grammar());
}

Risk risk(const Params& params) {
    return docker_risk(params, docker_grammar());
}

// No endpoint is passed on: the docker CLI finds the same engine by the same environment and context as memrb did.
Result<Request> plan(const Params& params, const ActionContext& context) {
    if (auto live = needs_live_docker(context, "docker"); !live) {
        return tl::unexpected(live.error());
    }
    if (auto again = check(params); !again) {  // a variable may have brought in what the runbook's words did not show
        return tl::unexpected(again.error());
    }
    if (context.tools.docker_command.empty()) {
        return fail(Fault::missing_tool, "docker is not installed", "install the docker CLI, for example docker.io");
    }
    Command command;
    command.argv = context.tools.docker_command;
    const auto& args = params.list("args");
    command.argv.insert(command.argv.end(), args.begin(), args.end());
    return command;
}

}  // namespace

const ActionType docker_action{
    .name = "docker",
    .help = "Run the docker CLI",
    .body = "args",
    .params = {{.name = "args", .kind = ParamKind::argv, .required = true, .help = "what follows `docker`"},
               reads_param()},
    .check = check,
    .risk = risk,
    .starts_program = true,
    .plan = plan,
    .interpret = interpret_docker,
};

}  // namespace memrb::actions
