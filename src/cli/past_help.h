#pragma once

#include "incident/helped.h"
#include "memrb/target.h"
#include "ui/history_view.h"

#include <string>
#include <vector>

namespace memrb::cli {

class World;

std::vector<ui::HelpRow> help_rows(const std::vector<incident::PastHelp>& help);

/// What helped in past incidents of this target, one line for each option; the incident `except` is the one at hand.
/// What cannot be read is passed over: a diagnosis does not depend on it.
std::vector<std::string> past_help(World& world, const Target& target, const std::string& except, Level level);

}  // namespace memrb::cli
