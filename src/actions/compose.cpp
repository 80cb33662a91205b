#include "actions/compose_project.h"
#include "actions/docker_rules.h"
#include "actions/docker_verbs.h"
#include "actions/ending.h"
#include "actions/redis_info.h"
#include "base/text.h"
#include "memrb/action.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

extern const ActionType compose_action;

namespace {

constexpr std::string_view env_file_label = "com.docker.compose.project.environment_file";

Result<void> check(const Params& params) {
    return check_docker_words(params, compose_grammar());
}

Risk risk(const Params& params) {
    return docker_risk(params, compose_grammar());
}

void add_project(const Target& target, std::vector<std::string>& argv) {
    const ComposeRef& compose = *target.compose;
    argv.insert(argv.end(), {"-p", compose.project});
    if (!compose.working_dir.empty()) {
        argv.insert(argv.end(), {"--project-directory", compose.working_dir});
    }
    for (const auto& file : compose_files(compose)) {
        argv.insert(argv.end(), {"-f", file});
    }
    // Without the same variables `up` would make other containers than those that run.
    if (const auto label = target.labels.find(std::string(env_file_label)); label != target.labels.end()) {
        for (const auto file : base::split(label->second, ',')) {
            if (!file.empty()) {
                argv.insert(argv.end(), {std::string("--env-file"), in_project(compose, std::string(file))});
            }
        }
    }
}

Result<Request> plan(const Params& params, const ActionContext& context) {
    if (auto live = needs_live_docker(context, "compose"); !live) {
        return tl::unexpected(live.error());
    }
    if (auto again = check(params); !again) {  // a variable may have brought in what the runbook's words did not show
        return tl::unexpected(again.error());
    }
    if (!context.target.compose || context.target.compose->project.empty()) {
        return fail(Fault::no_data, fmt::format("{} is not a Compose service", context.target.name));
    }
    if (context.tools.compose_command.empty()) {
        return fail(Fault::missing_tool, "Docker Compose is not installed",
                    "install docker-compose-plugin or docker-compose");
    }
    Command command;
    command.argv = context.tools.compose_command;
    add_project(context.target, command.argv);
    auto args = params.list("args");
    const CommandLine line = parse_command_line(args, compose_grammar());
    const bool wants_terminal = line.verb == "exec" || line.verb == "run";
    const bool told =
        has_switch(own_words(line), {"--no-TTY", 'T', "euwvpl"}) || has_switch(own_words(line), {"--no-tty"});
    if (wants_terminal && !told) {  // v1 takes a terminal by default and fails without one
        args.insert(args.begin() + static_cast<std::ptrdiff_t>(line.verb_end), "-T");
    }
    command.argv.insert(command.argv.end(), args.begin(), args.end());
    return command;
}

Interpretation interpret(const Params& params, const ActionContext& /*context*/, const Outcome& outcome) {
    const CommandLine line = parse_command_line(params.list("args"), compose_grammar());
    if (auto redis = interpret_redis(line, outcome)) {
        return *std::move(redis);
    }
    return interpret_plain("compose " + line.written, outcome);
}

}  // namespace

const ActionType compose_action{
    .name = "compose",
    .help = "Run Docker Compose in the target's project",
    .body = "args",
    .params = {{.name = "args", .kind = ParamKind::argv, .required = true, .help = "what follows `docker compose`"},
               reads_param()},
    .check = check,
    .risk = risk,
    .starts_program = true,
    .plan = plan,
    .interpret = interpret,
};

}  // namespace memrb::actions
