#pragma once

#include "support/run.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::test {

/// What a program did, seen from outside in its system calls: lines of strace.
struct Traced {
    Ran ran;
    std::vector<std::string> started;    ///< programs that it and its children started, itself left out
    std::vector<std::string> connected;  ///< addresses
};

/// Runs under strace; nothing if that is not possible here: it has said [skipped].
std::optional<Traced> traced(const Run& run, Milliseconds limit = std::chrono::minutes(1));

}  // namespace memrb::test
