#pragma once

#include "drill/tale.h"
#include "drill/world.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::drill {

/// How the world goes on when nobody does anything more.
struct Aftermath {
    bool holds = false;                     ///< no kill, and room left at the end
    std::optional<Milliseconds> next_kill;  ///< counted from the end of the drill
    std::optional<Milliseconds> relieved;   ///< from the alert until memory stayed below 80 %; of the heap, at the end
    std::size_t kills = 0;                  ///< of the culprit, from the alert to the end of the drill
};

/// `world` as the operator left it; it is not changed.
Aftermath look_ahead(const World& world);

struct Part {
    std::string id;
    int points = 0;
    int most = 0;  ///< 0: points are only taken off
    std::string why;
};

struct Score {
    int total = 0;  ///< 0 to 100
    std::vector<Part> parts;
    std::optional<Milliseconds> to_cause;  ///< until the right cause was named; all counted from the alert
    std::optional<Milliseconds> to_relief;
    std::optional<Milliseconds> to_recovery;  ///< until what holds was done, or the team's fix ran
    std::size_t disruptions = 0;
    std::size_t needless = 0;
    std::size_t evidence_lost = 0;
    std::optional<Milliseconds> escalated;
    bool success = false;
};

Score judge(const World& world, const Tale& tale, const Aftermath& after);

}  // namespace memrb::drill
