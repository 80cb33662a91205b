#pragma once

#include "memrb/runbook.h"
#include "runbook/diagnostic.h"

#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

struct Loaded {
    Runbook runbook;
    std::vector<Diagnostic> warnings;
};

/// Compiles the bytes of a runbook file. All mistakes are told at once, in file order; errors and warnings together if
/// there is any error. jq programs are checked for matching brackets only: compiling them costs 20 ms, see
/// check_programs(). `origin` is the file as the user named it.
tl::expected<Loaded, std::vector<Diagnostic>> load_runbook(std::string_view bytes, std::string origin,
                                                           ActionTypes types);

/// Compiles all jq programs of a runbook with libjq and reports those that are none, in file order.
std::vector<Diagnostic> check_programs(const Runbook& runbook);

}  // namespace memrb::runbook
