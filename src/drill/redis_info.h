#pragma once

#include "drill/container.h"

#include <string>

namespace memrb::drill {

/// What `redis-cli info` prints of memory and evictions.
std::string redis_info(const Container& container, Bytes maxmemory);

}  // namespace memrb::drill
