#pragma once

#include "memrb/action.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// What is known of one command of a tool. A nested one is written with a space: `volume rm`.
struct VerbRisk {
    std::string_view verb;
    Risk risk;
};

/// Another spelling of a command: `container ls` is `ps`.
struct VerbAlias {
    std::string_view from;
    std::string_view to;
};

/// An option that may stand before the command.
struct GlobalOption {
    std::string_view name;        ///< `--host`
    std::string_view short_name;  ///< `-H`, or empty
    bool takes_value = false;
    bool redirects = false;  ///< addresses something else than the pinned target: never allowed in a runbook
};

/// A command-line tool as far as its risk is to be known.
struct Grammar {
    std::string_view tool;
    std::span<const GlobalOption> options;
    std::span<const VerbRisk> verbs;
    std::span<const VerbAlias> aliases;
    std::span<const std::string_view> groups;  ///< words that need a second one: `volume`, `system`
};

/// A tool's arguments, taken apart.
struct CommandLine {
    std::string verb;               ///< as in Grammar::verbs, aliases resolved; empty: there is none
    std::string written;            ///< the verb as it was written, for messages
    std::vector<std::string> rest;  ///< what follows the verb
    std::size_t verb_end = 0;       ///< index of rest's first word in the arguments
    std::string redirecting;        ///< the option before the verb that addresses something else
    std::string not_understood;     ///< an option before the verb that is not known: the verb is not known then either
};

CommandLine parse_command_line(std::span<const std::string> args, const Grammar& grammar);

/// Closed by default: what is not in the table, or not understood, is disruptive.
Risk risk_of(const CommandLine& line, const Grammar& grammar);

/// An option's names, and what must be known of its neighbours to find it inside `-tf`.
struct OptionName {
    std::string_view name;                     ///< `--follow`
    char letter = '\0';                        ///< `f`, or none
    std::string_view letters_with_value = {};  ///< short options of the same command that take a value
};

/// True if a switch is given and is not switched off again (`--follow=false`). Ends at `--`.
bool has_switch(std::span<const std::string> words, const OptionName& option);

/// The value of the last `--name value` or `--name=value`.
std::optional<std::string> option_value(std::span<const std::string> words, std::string_view name);

/// The number of leading words that are options (and their values); the next is the first argument.
/// `with_value`: the options that take their value from the next word.
std::size_t count_options(std::span<const std::string> words, std::span<const std::string_view> with_value);

}  // namespace memrb::actions
