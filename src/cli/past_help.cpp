#include "cli/past_help.h"

#include "cli/world.h"
#include "incident/store.h"

#include <algorithm>

namespace memrb::cli {

std::vector<ui::HelpRow> help_rows(const std::vector<incident::PastHelp>& help) {
    std::vector<ui::HelpRow> rows;
    for (const auto& one : help) {
        rows.push_back({one.option, one.tried, one.helped, one.last, one.lasted, one.until_recovery});
    }
    return rows;
}

std::vector<std::string> past_help(World& world, const Target& target, const std::string& except, Level level) {
    incident::HistoryFilter filter;
    filter.target = target.name;
    auto history = incident::read_history(incident::Store(world.dirs().incidents), filter);
    if (!history) {
        return {};
    }
    std::erase_if(history->incidents, [&](const incident::Summary& one) { return one.id == except; });
    const auto now = level >= Level::warning ? std::optional(world.clock().now()) : std::nullopt;
    std::vector<std::string> lines;
    for (const auto& row :
         help_rows(incident::what_helped(history->incidents, target.name, to_string(target.platform), now))) {
        lines.push_back(ui::help_words(row, world.out_style()));
    }
    return lines;
}

}  // namespace memrb::cli
