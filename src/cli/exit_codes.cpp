#include "cli/exit_codes.h"

#include <array>
#include <csignal>

namespace memrb::cli {

std::span<const ExitCodeRow> exit_code_table() {
    static constexpr std::array<ExitCodeRow, 12> rows{{
        {"0", "done"},
        {"1", "failed; watch: it relapsed"},
        {"2", "wrong usage, or an invalid runbook"},
        {"3", "inconclusive: there was no data to judge by"},
        {"4", "an answer was needed and nobody could be asked"},
        {"5", "declined or quit; all is saved"},
        {"6", "applied, but the recovery is not verified; watch: not recovered, or not known"},
        {"7", "the target moved, the plan is stale, or the record is locked"},
        {"8", "escalated"},
        {"10", "there is a finding (only with diagnose --exit-code)"},
        {"127", "a tool that is needed is not installed"},
        {"128+n", "ended by signal n; 130 is Ctrl-C"},
    }};
    return rows;
}

int exit_code_of(Fault fault) {
    switch (fault) {
        case Fault::failed: return exit_code::failed;
        case Fault::usage: return exit_code::usage;
        case Fault::no_data: return exit_code::no_data;
        case Fault::answer_needed: return exit_code::answer_needed;
        case Fault::stale: return exit_code::stale;
        case Fault::missing_tool: return exit_code::missing_tool;
        case Fault::interrupted: return exit_code::signal_base + SIGINT;
    }
    return exit_code::failed;
}

}  // namespace memrb::cli
