#include "cli/command.h"
#include "cli/exit_codes.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace memrb::cli {

namespace {

void add(CLI::App& command, Job& job) {
    command.callback([&job] {
        job = [](World&) {
            std::cout << "memrb " MEMRB_VERSION "\n";
            return exit_code::done;
        };
    });
}

}  // namespace

extern const CommandSpec version_command;
const CommandSpec version_command{"version", "Print the version", add};

}  // namespace memrb::cli
