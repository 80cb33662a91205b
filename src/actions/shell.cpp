#include "actions/ending.h"
#include "actions/kernel_log.h"
#include "memrb/action.h"

#include <algorithm>

namespace memrb::actions {

extern const ActionType shell_action;

namespace {

constexpr std::string_view kernel_log = "kernel-log";

bool is_variable_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Result<void> check(const Params& params) {
    if (params.has("script") == params.has("argv")) {
        return fail(Fault::usage, "`shell` needs exactly one of `script` and `argv`",
                    "`script` is given to /bin/sh, `argv` is a list of words that is run as it is");
    }
    if (params.has("argv") && params.list("argv").empty()) {
        return fail(Fault::usage, "`argv` is empty");
    }
    return {};
}

Risk risk(const Params& /*params*/) {
    return Risk::disruptive;
}

Result<Request> plan(const Params& params, const ActionContext& context) {
    const bool is_record = params.text("parse") == kernel_log;
    if (context.past && !is_record) {
        return fail(Fault::no_data, "not possible for a past moment: a command shows the present");
    }
    Command command;
    if (params.has("argv")) {
        command.argv = params.list("argv");
    } else {
        command.argv = {"/bin/sh", "-c", params.text("script")};
    }
    for (const auto& [name, value] : context.vars) {
        if (is_variable_name(name)) {
            command.env.emplace_back(name, value);
        }
    }
    return command;
}

Interpretation interpret(const Params& params, const ActionContext& context, const Outcome& outcome) {
    return params.text("parse") == kernel_log ? interpret_kernel_log(context, outcome)
                                              : interpret_plain("shell", outcome);
}

}  // namespace

const ActionType shell_action{
    .name = "shell",
    .help = "Run a shell script or a program on this machine; variables arrive as its environment",
    .body = "script",
    .params = {{.name = "script",
                .kind = ParamKind::text,
                .help = "for /bin/sh -c; ${name} is the shell's own, from the environment",
                .expansion = Expansion::none},
               {.name = "argv", .kind = ParamKind::list, .help = "a program and its arguments, run without a shell"},
               {.name = "parse",
                .kind = ParamKind::choice,
                .help = "what the output is: text, or the kernel's log with its OOM reports",
                .choices = {"text", kernel_log}}},
    .check = check,
    .risk = risk,
    .may_lower_risk = true,
    .starts_program = true,
    .plan = plan,
    .interpret = interpret,
};

}  // namespace memrb::actions
