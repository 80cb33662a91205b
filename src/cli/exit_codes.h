#pragma once

#include "memrb/result.h"

#include <span>
#include <string_view>

namespace memrb::cli {

/// What memrb's exit codes mean. Scripts rely on the numbers: they never change.
namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int no_data = 3;
inline constexpr int answer_needed = 4;
inline constexpr int declined = 5;
inline constexpr int unverified = 6;
inline constexpr int stale = 7;
inline constexpr int escalated = 8;
inline constexpr int finding = 10;
inline constexpr int missing_tool = 127;
inline constexpr int signal_base = 128;
}  // namespace exit_code

struct ExitCodeRow {
    std::string_view code;
    std::string_view meaning;
};
std::span<const ExitCodeRow> exit_code_table();

int exit_code_of(Fault fault);

}  // namespace memrb::cli
