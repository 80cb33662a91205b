#pragma once

#include "memrb/runbook.h"
#include "wire/target_json.h"

#include <span>

namespace memrb::ui {

/// `memrb runbook show ID -o json`, schema `memrb/runbook/v1`.
wire::Json runbook_json(const Runbook& runbook);

/// `memrb runbook list -o json`, schema `memrb/runbooks/v1`.
wire::Json runbook_list_json(std::span<const Runbook* const> runbooks);

}  // namespace memrb::ui
