#pragma once

#include "cli/diagnose_case.h"
#include "engine/event_log.h"
#include "engine/interruption.h"
#include "engine/remedy.h"
#include "ui/change_card.h"
#include "ui/line_reader.h"
#include "ui/option_page.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace memrb::cli {

class World;

/// Error (usage): the runbook has no such option; it names those that it has.
Result<const Option*> option_of(const Runbook& runbook, const std::string& id);

/// A prompt on this terminal, with line editing where it can be had.
std::unique_ptr<ui::LineReader> open_line_reader(World& world);

/// What is shown of how it ended.
ui::RemedyView view_of(const std::string& option, const engine::RemedyResult& result);

struct RemedyHooks {
    std::function<void()> settle;                   ///< called before anything is shown
    std::function<void()> watch;                    ///< watches the recovery; may be empty
    std::function<bool()> escalate;                 ///< `x` at a question; may be empty. False: Ctrl-C there
    const engine::Interruption* resumed = nullptr;  ///< where to go on; null: from the beginning
};

/// Runs an option of the case's runbook, asking by `reader` (null: nobody is there), and shows how it ended. After a
/// change a person is offered to watch the recovery, and then the option's undo, which sets back what was before. What
/// the changes did to the target is written into the case. Errors: no such option.
Result<engine::RemedyResult> run_option(World& world, DiagnoseCase& the_case, engine::EventLog& log,
                                        const engine::Diagnosis& diagnosis, const std::string& option,
                                        engine::Authority authority, ui::LineReader* reader, const RemedyHooks& hooks);

/// Has the option's steps checked by the servers that they would change (`--dry-run=server`); changes nothing. Its end
/// is `accepted`, `not accepted` or `not previewable`. Errors: no such option.
Result<ui::RemedyView> rehearse_option(World& world, const DiagnoseCase& the_case, engine::EventLog& log,
                                       const engine::Diagnosis& diagnosis, const std::string& option);

/// All that is to be known before choosing; nothing is run. Errors: no such option.
Result<ui::OptionPage> option_page(const DiagnoseCase& the_case, const std::string& option,
                                   const std::vector<OfferedOption>& offered);

/// The exit code for how it ended.
int exit_code_for(const World& world, const engine::RemedyResult& result);

}  // namespace memrb::cli
