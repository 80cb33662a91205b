#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/incident_command.h"
#include "cli/world.h"
#include "engine/escalation.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <memory>

namespace memrb::cli {

namespace {

int run(World& world, const std::vector<std::string>& words) {
    constexpr std::size_t most_words = 2;
    if (words.size() > most_words) {
        return world.report({Fault::usage, "a note is one word of the command line: put it in quotes",
                             "memrb note [INCIDENT] \"what you saw or did\""});
    }
    const std::string text(base::trim(words.back()));
    const auto entry = find_incident(world, words.size() == most_words ? words.front() : "");
    if (!entry) {
        return world.report(entry.error());
    }
    if (text.empty() || (words.size() == 1 && text == entry->id)) {
        return world.report({Fault::usage, "a note needs words", "memrb note [INCIDENT] \"what you saw or did\""});
    }
    if (const auto written = append_event(world, *entry, NoteAdded{text}); !written) {
        return world.report(written.error());
    }
    const auto task = engine::todo_of(text);
    world.out().write(
        fmt::format("Noted in incident {}{}\n", entry->id, task ? ", as a task: memrb afterwards " + entry->id : ""));
    return exit_code::done;
}

void add(CLI::App& command, Job& job) {
    auto words = std::make_shared<std::vector<std::string>>();
    command
        .add_option("words", *words,
                    "[INCIDENT] TEXT: the last incident if none is named; a text that begins with TODO becomes a task")
        ->required();
    command.callback([&job, words] { job = [words](World& world) { return run(world, *words); }; });
}

}  // namespace

extern const CommandSpec note_command;
const CommandSpec note_command{"note", "Write a note into the record of an incident", add};

}  // namespace memrb::cli
