#pragma once

#include "drill/world.h"

#include <cstddef>
#include <string>

namespace memrb::drill {

/// The last lines of a container's log, as `docker logs --tail LINES --timestamps` prints them.
std::string log_of(const World& world, const Container& container, std::size_t lines);

}  // namespace memrb::drill
