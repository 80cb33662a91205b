#pragma once

#include "memrb/scenario.h"
#include "runbook/diagnostic.h"

#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

/// Reads the bytes of a drill's file with the same diagnostics as a runbook's: all mistakes at once, in file order.
/// Whether its runbook knows the options, causes and variables that it names is not asked.
tl::expected<Scenario, std::vector<Diagnostic>> load_scenario(std::string_view bytes, std::string origin);

}  // namespace memrb::runbook
