#pragma once

#include "base/secrets.h"
#include "memrb/event.h"

#include <cstddef>

namespace memrb::incident {

/// Masks every text of the event that may hold a secret: argv, environment, headers, bodies, outputs, notes, reasons.
/// Tells how many there were. Outputs that are in files were masked when they were written.
std::size_t mask(EventBody& body, const base::Secrets& secrets);

}  // namespace memrb::incident
