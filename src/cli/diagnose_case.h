#pragma once

#include "cli/diagnose_options.h"
#include "engine/condition.h"
#include "engine/execute.h"
#include "engine/find_target.h"
#include "engine/variables.h"
#include "memrb/ports.h"
#include "memrb/runbook.h"
#include "memrb/target.h"
#include "runbook/config.h"
#include "system/head_start.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace memrb::cli {

class World;

/// Everything that a diagnosis is about, once it is known: the runbook, the pinned target, and who does the requests.
struct DiagnoseCase {
    Runbook runbook;
    std::unique_ptr<engine::Programs> programs;
    Target target;
    std::vector<std::pair<std::string, std::string>> host_containers;
    engine::Variables vars;
    Tools tools;
    Timestamp now{};
    bool past = false;
    std::string incident;       ///< of a replay: the recorded one's id
    std::string mode = "live";  ///< live, dry-run, replay, drill
    std::unique_ptr<Runner> runner;
    system::HeadStart* head_start = nullptr;  ///< the runner, if reads were begun before the target was found
    std::vector<std::string> warnings;
    bool read_only = false;                                  ///< the user's config: nothing is ever changed
    engine::FindOptions find;                                ///< how the target was found
    std::map<std::string, runbook::ConfigContact> contacts;  ///< of the user's config

    /// What is chosen is done, for the present: in earnest, or in a drill.
    [[nodiscard]] bool acts() const { return (mode == "live" || mode == "drill") && !past; }

    [[nodiscard]] engine::Session session() const { return {runbook, target, host_containers, vars, tools, now, past}; }
};

/// Loads the runbook, finds the target and resolves the variables; in a replay all of it comes from the record.
Result<DiagnoseCase> open_case(World& world, const DiagnoseOptions& options);

/// The pinned target as it is now: by its id, and if that is gone, by the name that was asked for.
Result<Target> look_again(World& world, const DiagnoseCase& the_case);

}  // namespace memrb::cli
