#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/incident_command.h"
#include "cli/world.h"
#include "incident/archive.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace memrb::cli {

namespace {

int run_export(World& world, const std::string& id, const std::string& file) {
    const auto entry = find_incident(world, id);
    if (!entry) {
        return world.report(entry.error());
    }
    const std::string path = file.empty() ? entry->folder.filename().string() + ".tar" : file;
    if (const auto written = incident::export_incident(*entry, path); !written) {
        return world.report(written.error());
    }
    world.out().write(fmt::format("Incident {} is in {}; to read it elsewhere: memrb import FILE\n", entry->id, path));
    return exit_code::done;
}

int run_import(World& world, const std::string& file) {
    const auto entry = incident::import_incident(incident::Store(world.dirs().incidents), file);
    if (!entry) {
        return world.report(entry.error());
    }
    world.out().write(fmt::format("Incident {} can be read now: memrb history {}\n", entry->id, entry->id));
    return exit_code::done;
}

void add_export(CLI::App& command, Job& job) {
    auto id = std::make_shared<std::string>();
    auto file = std::make_shared<std::string>();
    command.add_option("incident", *id, "Its id, or the beginning of it")->required();
    command.add_option("-f,--file", *file, "The new file; else NAME.tar in the current folder");
    command.callback([&job, id, file] { job = [id, file](World& world) { return run_export(world, *id, *file); }; });
}

void add_import(CLI::App& command, Job& job) {
    auto file = std::make_shared<std::string>();
    command.add_option("file", *file, "What `memrb export` wrote")->required();
    command.callback([&job, file] { job = [file](World& world) { return run_import(world, *file); }; });
}

}  // namespace

extern const CommandSpec export_command;
const CommandSpec export_command{"export", "Write a recorded incident into one archive", add_export};

extern const CommandSpec import_command;
const CommandSpec import_command{"import", "Take an exported incident into the records, for reading only", add_import};

}  // namespace memrb::cli
