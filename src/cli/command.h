#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace CLI {  // NOLINT(readability-identifier-naming): its own name
class App;
}

namespace memrb::cli {

class World;

/// What a parsed command line asks for; returns the exit code.
using Job = std::function<int(World&)>;

/// Flags that every command takes.
struct CommonOptions {
    std::string colour = "auto";
    bool plain = false;
    bool no_input = false;
};

/// The descriptor of a sub-command: one file each, one line in commands(). `add` declares the flags; when the command
/// is the one asked for, its callback sets `job`.
struct CommandSpec {
    std::string_view name;
    std::string_view help;
    void (*add)(CLI::App& command, Job& job);
};

std::span<const CommandSpec* const> commands();

/// The whole program: parses, runs, prints an error once. Returns the exit code.
int run(int argc, char** argv);

}  // namespace memrb::cli
