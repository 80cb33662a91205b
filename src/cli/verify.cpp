#include "incident/verify.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/incident_command.h"
#include "cli/world.h"
#include "ui/diagnosis_json.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <memory>

namespace memrb::cli {

namespace {

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string told(const incident::Proof& proof, const std::string& id) {
    std::string text;
    if (proof.broken_line != 0) {
        text +=
            fmt::format("incident {}: line {} of the journal is broken: {}\n", id, proof.broken_line, proof.broken_why);
    }
    for (const auto& file : proof.broken_files) {
        text += fmt::format("incident {}: {}\n", id, file);
    }
    if (proof.holds()) {
        text += fmt::format("incident {} is as it was written: {} and {} proven\n", id,
                            counted(proof.lines - proof.without_hash, "line"), counted(proof.files, "output"));
    }
    if (!proof.head.empty()) {
        text += fmt::format("{}{}\n", proof.holds() ? "head " : "head before it ", proof.head);
    }
    return text;
}

void warn(World& world, const incident::Proof& proof) {
    if (proof.without_hash != 0) {
        world.warn(counted(proof.without_hash, "line") + " at the beginning carry no hash: an older memrb wrote them");
    }
    if (proof.without_digest != 0) {
        world.warn(counted(proof.without_digest, "output") + " were recorded without a digest: nothing proves them");
    }
    if (proof.torn_bytes != 0) {
        world.warn(fmt::format("a crash left {} of an unfinished last line: they are no part of the record",
                               counted(proof.torn_bytes, "byte")));
    }
}

void add(CLI::App& command, Job& job) {
    auto id = std::make_shared<std::string>();
    auto format = std::make_shared<std::string>("text");
    command.add_option("incident", *id, "Its id, or the beginning of it; the last one if none is named");
    command.add_option("-o,--output", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command.callback([&job, id, format] {
        job = [id, format](World& world) {
            const auto entry = find_incident(world, *id);
            if (!entry) {
                return world.report(entry.error());
            }
            const auto proof = incident::verify(entry->folder);
            if (!proof) {
                return world.report(proof.error());
            }
            world.out().write(*format == "json" ? ui::to_text(incident::to_json(*proof, entry->id))
                                                : told(*proof, entry->id));
            warn(world, *proof);
            return proof->holds() ? exit_code::done : exit_code::failed;
        };
    });
}

}  // namespace

extern const CommandSpec verify_command;
const CommandSpec verify_command{"verify", "Prove that a recorded incident is as it was written", add};

}  // namespace memrb::cli
