#pragma once

#include "memrb/request.h"
#include "memrb/units.h"

#include <optional>

namespace memrb::base {

/// How long a server asks to be left alone, 0 to 24 h: its `Retry-After` in seconds, or as a date (RFC 9110, the form
/// that servers have to send), which counts from the answer's own `Date`, since this machine's clock may be another
/// one. Names of headers are in lower case. Nothing: it does not ask, or not in a way that can be read.
std::optional<Milliseconds> retry_after(const Pairs& headers);

}  // namespace memrb::base
