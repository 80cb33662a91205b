#include "cli/drill_scenarios.h"

#include "base/text.h"
#include "cli/runbooks.h"
#include "cli/shipped.h"
#include "cli/world.h"
#include "runbook/scenario.h"

#include <fmt/core.h>

namespace memrb::cli {

namespace {

constexpr std::string_view folder = "drills/";

Result<Scenario> load(World& world, std::string_view bytes, const std::string& origin) {
    auto scenario = runbook::load_scenario(bytes, origin);
    if (!scenario) {
        world.err().write(runbook::render(scenario.error(), bytes, world.err_style().colour));
        return fail(Fault::usage, fmt::format("{} is no valid drill", base::printable(origin)));
    }
    return *std::move(scenario);
}

}  // namespace

Result<std::vector<Scenario>> shipped_scenarios(World& world) {
    std::vector<Scenario> all;
    for (const auto& file : shipped_files()) {
        if (file.path.starts_with(folder)) {
            auto scenario = load(world, file.bytes, std::string("shipped:").append(file.path));
            if (!scenario) {
                return tl::unexpected(scenario.error());
            }
            all.push_back(*std::move(scenario));
        }
    }
    return all;
}

Result<Scenario> find_scenario(World& world, const std::string& name) {
    if (name.find('/') != std::string::npos || name.ends_with(".yaml")) {
        const auto source = find_runbook(world, name);
        return source ? load(world, source->bytes, source->origin) : tl::unexpected(source.error());
    }
    auto all = shipped_scenarios(world);
    if (!all) {
        return tl::unexpected(all.error());
    }
    std::vector<std::string> ids;
    for (auto& scenario : *all) {
        if (scenario.id == name) {
            return std::move(scenario);
        }
        ids.push_back(scenario.id);
    }
    return fail(Fault::usage,
                fmt::format("no drill is called `{}`{}", base::printable(name), base::did_you_mean(name, ids)),
                "`memrb drill --list` names them");
}

}  // namespace memrb::cli
