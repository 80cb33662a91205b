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

inline DrillMemory& memory_of(Scenario& drill) {
    return drill.services.front().versions.back().memory;
}

}  // namespace memrb::test
