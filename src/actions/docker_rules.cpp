#include "actions/docker_rules.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb::actions {

namespace {

/// An option that decides whether a command ends by itself, with nobody there to answer it.
struct Unattended {
    std::string_view tool, verb;
    OptionName option;
    bool has_value = false;
    bool demanded = false;  ///< it must be there; else it must not
    std::string_view why;
};

constexpr std::string_view follows = "`--follow` never ends: use `--since` or `--tail`";
constexpr std::string_view terminal = "a step has no terminal: leave out `-t`";

constexpr auto unattended = std::to_array<Unattended>({
    {"docker", "events", {"--until"}, true, true, "without `--until` it never ends: add `--until 0s`"},
    {"docker", "stats", {"--no-stream"}, false, true, "without `--no-stream` it never ends"},
    {"docker", "logs", {"--follow", 'f', "n"}, false, false, follows},
    {"docker", "service logs", {"--follow", 'f', "n"}, false, false, follows},
    {"docker", "start", {"--attach", 'a'}, false, false, "`--attach` waits for the container's end"},
    {"docker", "exec", {"--tty", 't', "euw"}, false, false, terminal},
    {"docker", "container prune", {"--force", 'f'}, false, true, "it asks, and a step cannot answer: add `--force`"},
    {"docker", "image prune", {"--force", 'f'}, false, true, "it asks, and a step cannot answer: add `--force`"},
    {"docker", "volume prune", {"--force", 'f'}, false, true, "it asks, and a step cannot answer: add `--force`"},
    {"docker", "network prune", {"--force", 'f'}, false, true, "it asks, and a step cannot answer: add `--force`"},
    {"docker", "system prune", {"--force", 'f'}, false, true, "it asks, and a step cannot answer: add `--force`"},
    {"compose", "logs", {"--follow", 'f', "n"}, false, false, follows},
    {"compose", "stats", {"--no-stream"}, false, true, "without `--no-stream` it never ends"},
    {"compose", "exec", {"--tty", 't', "euw"}, false, false, terminal},
    {"compose", "rm", {"--force", 'f'}, false, true, "it asks, and a step cannot answer: add `--force`"},
});

constexpr auto exec_values = std::to_array<std::string_view>(
    {"-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir", "--detach-keys", "--index"});

constexpr auto run_values =
    std::to_array<std::string_view>({"-e", "--env", "--env-from-file", "-u", "--user", "-w", "--workdir", "-v",
                                     "--volume", "-p", "--publish", "-l", "--label", "--name", "--entrypoint"});

Result<void> refuse(const CommandLine& line, const Grammar& grammar, std::string_view why, std::string hint = {}) {
    return fail(Fault::usage, fmt::format("`{} {}`: {}", grammar.tool, line.written, why), std::move(hint));
}

Result<void> check_compose_ends(const CommandLine& line, const Grammar& grammar) {
    if (line.verb == "events") {
        return refuse(line, grammar, "it never ends", "use `docker: events --since ... --until 0s`");
    }
    if (line.verb == "watch") {
        return refuse(line, grammar, "it never ends");
    }
    const bool returns = has_switch(line.rest, {"--detach", 'd', "t"}) || has_switch(line.rest, {"--wait"}) ||
                         has_switch(line.rest, {"--no-start"});
    if (line.verb == "up" && !returns) {
        return refuse(line, grammar, "it stays attached to the containers: add `-d`");
    }
    return {};
}

Result<void> check_unattended(const CommandLine& line, const Grammar& grammar) {
    if (line.verb == "attach" || line.verb == "login") {
        return refuse(line, grammar, "it needs a terminal, which a step does not have");
    }
    for (const auto& rule : unattended) {
        if (rule.tool != grammar.tool || rule.verb != line.verb) {
            continue;
        }
        const bool given = rule.has_value ? option_value(own_words(line), rule.option.name).has_value()
                                          : has_switch(own_words(line), rule.option);
        if (given != rule.demanded) {
            return refuse(line, grammar, rule.why);
        }
    }
    return grammar.tool == "compose" ? check_compose_ends(line, grammar) : Result<void>();
}

bool vouched_for(const Params& params) {
    return params.text("reads") == "true";
}

Result<void> check_vouched(const CommandLine& line, const Grammar& grammar) {
    if (line.verb != "exec") {
        return refuse(line, grammar, "`reads` is for `exec` only: what this command does is known without it");
    }
    if (has_switch(own_words(line), {"--privileged"}) || has_switch(own_words(line), {"--detach", 'd', "euw"})) {
        return refuse(line, grammar, "a program that only reads needs neither `--privileged` nor `--detach`");
    }
    return {};
}

}  // namespace

std::span<const std::string> own_words(const CommandLine& line) {
    const std::span<const std::string> words(line.rest);
    return line.verb == "exec"  ? words.first(count_options(words, exec_values))
           : line.verb == "run" ? words.first(count_options(words, run_values))
                                : words;
}

Result<void> check_docker_words(const Params& params, const Grammar& grammar) {
    const CommandLine line = parse_command_line(params.list("args"), grammar);
    const bool is_docker = grammar.tool == "docker";
    if (!line.redirecting.empty()) {
        return fail(
            Fault::usage,
            fmt::format("`{}` before the command would address something else than the target", line.redirecting),
            is_docker ? "choose the engine with DOCKER_HOST or `docker context use`"
                      : "memrb itself adds the target's project and files");
    }
    if (!line.not_understood.empty()) {
        return fail(Fault::usage, fmt::format("unknown option `{}` before the command", line.not_understood),
                    "the command's risk cannot be told then");
    }
    if (line.verb.empty()) {
        return fail(Fault::usage, fmt::format("no command: write for example `{}: ps`", grammar.tool));
    }
    if (is_docker && line.verb == "compose") {
        return fail(Fault::usage, "`docker: compose ...` does not know the target's project",
                    "write `compose: ...`: memrb then adds the project and its files");
    }
    if (auto ends = check_unattended(line, grammar); !ends) {
        return ends;
    }
    return vouched_for(params) ? check_vouched(line, grammar) : Result<void>();
}

Risk docker_risk(const Params& params, const Grammar& grammar) {
    const CommandLine line = parse_command_line(params.list("args"), grammar);
    if (vouched_for(params) && check_vouched(line, grammar)) {
        return Risk::read;
    }
    const bool writes_file = line.verb == "config" && has_switch(line.rest, {"--output", 'o'});
    return writes_file ? Risk::disruptive : risk_of(line, grammar);
}

ParamSpec reads_param() {
    return {.name = "reads",
            .kind = ParamKind::boolean,
            .help = "`exec` only: the author vouches that the program in the container changes nothing"};
}

Result<void> needs_live_docker(const ActionContext& context, std::string_view tool) {
    if (context.past) {
        return fail(Fault::no_data, fmt::format("not possible for a past moment: {} shows the present", tool));
    }
    if (context.target.platform != Platform::docker) {
        return fail(Fault::no_data,
                    fmt::format("{} is not a container of a Docker engine that memrb has found", context.target.name));
    }
    return {};
}

}  // namespace memrb::actions
