#pragma once

#include "runbook/compilation.h"
#include "runbook/fields.h"

namespace memrb::runbook {

// The top-level parts of a runbook, each into Compilation::book.
void compile_variables(Compilation& all, const Fields& top);
void compile_thresholds(Compilation& all, const Fields& top);
void compile_diagnosis(Compilation& all, const Fields& top);
void compile_options(Compilation& all, const Fields& top);
void compile_causes(Compilation& all, const Fields& top);
void compile_recovery(Compilation& all, const Fields& top);
void compile_escalation(Compilation& all, const Fields& top);

/// A list of steps under `group`; ids become GROUP.STEP. `place` as in StepNote.
std::vector<Step> compile_steps(Compilation& all, const Fields& fields, std::string_view key, std::string_view group,
                                int place);

}  // namespace memrb::runbook
