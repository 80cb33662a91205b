#include "support/traced.h"

#include "support/skip.h"

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace memrb::test {

std::optional<Traced> traced(const Run& run, Milliseconds limit) {
    TempDir folder;
    const auto log = folder / "trace";
    auto plan = run.plan();
    std::vector<std::string> argv{"strace", "-f",   "-qq", "-e",        "trace=execve,execveat,connect",
                                  "-s",     "4096", "-o",  log.string()};
    argv.insert(argv.end(), plan.spawn.argv.begin(), plan.spawn.argv.end());
    Run under = program(argv);
    for (const auto& variable : plan.spawn.env) {
        const auto equals = variable.find('=');
        under.env(variable.substr(0, equals), variable.substr(equals + 1));
    }
    // LeakSanitizer stops a process by ptrace, too, and there can be only one.
    const char* options = std::getenv("ASAN_OPTIONS");
    under.env("ASAN_OPTIONS", (options == nullptr ? std::string() : std::string(options) + ":") + "detect_leaks=0");
    Traced result{under.timeout(limit).run(), {}, {}};
    std::istringstream in(std::filesystem::exists(log) ? read_file(log) : std::string());
    bool first = true;
    for (std::string line; std::getline(in, line);) {
        const bool again = line.find("resumed>") != std::string::npos;
        if (line.find(" execve") != std::string::npos && !again) {
            if (!first) {
                result.started.push_back(line);
            }
            first = false;
        } else if (line.find(" connect(") != std::string::npos && !again) {
            result.connected.push_back(line);
        }
    }
    if (first) {
        skip("strace cannot trace here: " + result.ran.err);
        return std::nullopt;
    }
    return result;
}

}  // namespace memrb::test
