#pragma once

#include "memrb/ports.h"
#include "memrb/units.h"

namespace memrb::system {

/// Waits; ends early when the stop is requested.
void pause_for(Milliseconds duration, const Stop& stop);

}  // namespace memrb::system
