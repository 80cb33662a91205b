#pragma once

#include "memrb/result.h"
#include "memrb/runbook.h"
#include "ui/style.h"

#include <span>
#include <string>
#include <string_view>

namespace memrb::ui {

/// `memrb runbook list`: one entry for each runbook, in the order given.
std::string render_runbook_list(std::span<const Runbook* const> runbooks, const Style& style);

/// `memrb runbook show ID`.
std::string render_runbook(const Runbook& runbook, const Style& style);

/// `memrb runbook show ID --cause X`. Errors: no such cause, with the nearest.
Result<std::string> render_cause(const Runbook& runbook, std::string_view cause, const Style& style);

}  // namespace memrb::ui
