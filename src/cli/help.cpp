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

int show(World& world, const std::string& topic, CLI::App& program) {
    if (topic.empty()) {
        std::cout << program.help();
        return exit_code::done;
    }
    if (topic == "exit-codes") {
        print_exit_codes();
        return exit_code::done;
    }
    std::vector<std::string> topics{"exit-codes"};
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
    command.add_option("topic", *topic, "A command, or exit-codes");
    command.callback([&job, &command, topic] {
        job = [&command, topic](World& world) { return show(world, *topic, *command.get_parent()); };
    });
}

}  // namespace

extern const CommandSpec help_command;
const CommandSpec help_command{"help", "Explain a command, or `help exit-codes`", add};

}  // namespace memrb::cli
