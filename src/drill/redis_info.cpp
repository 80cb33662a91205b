#include "drill/redis_info.h"

#include <fmt/core.h>

namespace memrb::drill {

std::string redis_info(const Container& container, Bytes maxmemory) {
    const double used = container.cached + container.leaked + 0.6 * container.warm;
    const double resident = container.anon();
    return fmt::format(
        "# Server\nredis_version:7.0.15\n\n"
        "# Memory\nused_memory:{:.0f}\nused_memory_rss:{:.0f}\nused_memory_peak:{:.0f}\nmaxmemory:{}\n"
        "maxmemory_policy:{}\nmem_fragmentation_ratio:{:.2f}\n\n"
        "# Stats\nexpired_keys:0\nevicted_keys:{}\nkeyspace_hits:{:.0f}\nkeyspace_misses:{:.0f}\n",
        used, resident, used, maxmemory, maxmemory == 0 ? "noeviction" : "allkeys-lru", used > 0 ? resident / used : 1,
        0, container.requests * 0.9, container.requests * 0.1);
}

}  // namespace memrb::drill
