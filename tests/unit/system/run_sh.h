#pragma once

#include "stops.h"
#include "system/process.h"

#include <filesystem>
#include <string>
#include <vector>

namespace memrb::system {

inline Command command(std::vector<std::string> argv) {
    Command made;
    made.argv = std::move(argv);
    return made;
}

inline Command sh(std::string script) {
    return command({"sh", "-c", std::move(script)});
}

inline RunContext timeout(int milliseconds) {
    RunContext context;
    context.timeout = Milliseconds{milliseconds};
    return context;
}

inline RunContext keep(Bytes bytes) {
    RunContext context;
    context.keep = bytes;
    return context;
}

inline RunContext spill(std::string step, std::filesystem::path folder) {
    RunContext context;
    context.step = std::move(step);
    context.spill_dir = std::move(folder);
    return context;
}

inline Outcome run(const Command& command, const RunContext& context = {}) {
    return run_command(command, context, NoStop());
}

}  // namespace memrb::system
