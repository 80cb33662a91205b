#pragma once

#include "memrb/scenario.h"

namespace memrb::test {

constexpr Bytes mebibyte = Bytes{1} << 20U;
constexpr Milliseconds minute{60'000};

/// One service `backend` of 512 MiB with 100 MiB of base and nothing that moves.
inline Scenario calm() {
    Scenario drill;
    drill.id = "sample";
    drill.title = "A sample";
    drill.target = drill.culprit = "backend";
    drill.cause = "leak";
    DrillService service;
    service.name = "backend";
    service.limit = 512 * mebibyte;
    DrillMemory memory;
    memory.base = 100 * mebibyte;
    service.versions.push_back({"shop/backend:1", std::nullopt, memory});
    drill.services.push_back(service);
    return drill;
}

/// What its newest version uses.
inline DrillMemory& memory_of(Scenario& drill) {
    return drill.services.front().versions.back().memory;
}

/// calm(), but its memory leaks.
inline Scenario leaking(Bytes per_hour) {
    auto drill = calm();
    memory_of(drill).leak_per_hour = per_hour;
    return drill;
}

/// calm() on another platform and with 20 requests a second, until a release three hours ago: that leaks 200 MiB an
/// hour.
inline Scenario leaking_release(Platform platform) {
    auto drill = calm();
    drill.platform = platform;
    DrillService& service = drill.services.front();
    service.load = {{Milliseconds{0}, 20}};
    DrillVersion newer = service.versions.front();
    newer.image = "shop/backend:2";
    newer.since = -180 * minute;
    newer.memory.leak_per_hour = 200 * mebibyte;
    service.versions.push_back(newer);
    return drill;
}

}  // namespace memrb::test
