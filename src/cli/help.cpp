#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/world.h"

#include "base/text.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <memory>

namespace memrb::cli {

namespace {

void print_exit_codes() {
    for (const auto& row : exit_code_table()) {
        std::cout << fmt::format("{:<6} {}\n", row.code, row.meaning);
    }
}

struct Variable {
    std::string_view name, meaning;
};

// What memrb itself looks at; the tools that it starts see the whole environment.
constexpr std::array<Variable, 12> variables{{
    {"XDG_CONFIG_HOME", "memrb/config.yaml is looked for here; else in ~/.config, then /etc/memrb"},
    {"XDG_DATA_HOME", "memrb/runbooks holds your own runbooks; else in ~/.local/share"},
    {"XDG_STATE_HOME", "memrb/incidents holds the records; else in ~/.local/state"},
    {"DOCKER_HOST", "the Docker engine; else DOCKER_CONTEXT, the current context, /var/run/docker.sock"},
    {"DOCKER_CONFIG", "the Docker client's folder; DOCKER_TLS_VERIFY and DOCKER_CERT_PATH hold as for `docker`"},
    {"KUBECONFIG", "for kubectl"},
    {"CI", "if set, nothing is ever asked, as with --no-input"},
    {"NO_COLOR", "if set, no colour; CLICOLOR_FORCE forces it"},
    {"TERM", "`dumb`: as with --plain"},
    {"COLUMNS", "the width, where no terminal tells it"},
    {"LC_ALL", "or LC_CTYPE, LANG: without UTF-8 in it, only ASCII is shown"},
    {"MEMRB_LOG", "memrb's own log: a file, or `stderr`; one line for each request, without arguments"},
}};

void print_environment() {
    for (const auto& variable : variables) {
        std::cout << fmt::format("{:<16} {}\n", variable.name, variable.meaning);
    }
}

int show(World& world, const std::string& topic, CLI::App& program) {
    if (topic.empty()) {
        std::cout << program.help();
        return exit_code::done;
    }
    if (topic == "exit-codes") {
        print_exit_codes();
        return exit_code::done;
    }
    if (topic == "environment") {
        print_environment();
        return exit_code::done;
    }
    std::vector<std::string> topics{"exit-codes", "environment"};
    for (const CommandSpec* command : commands()) {
        topics.emplace_back(command->name);
        if (command->name == topic) {
            std::cout << program.get_subcommand(topic)->help("memrb");
            return exit_code::done;
        }
    }
    return world.report({Fault::usage,
                         fmt::format("no help on `{}`{}", base::printable(topic), base::did_you_mean(topic, topics)),
                         "topics: " + base::join(topics, ", ")});
}

void add(CLI::App& command, Job& job) {
    auto topic = std::make_shared<std::string>();
    command.add_option("topic", *topic, "A command, exit-codes, or environment");
    command.callback([&job, &command, topic] {
        job = [&command, topic](World& world) { return show(world, *topic, *command.get_parent()); };
    });
}

}  // namespace

extern const CommandSpec help_command;
const CommandSpec help_command{"help", "Explain a command; `help exit-codes`, `help environment`", add};

}  // namespace memrb::cli
