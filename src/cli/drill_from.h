#pragma once

#include "drill/past.h"
#include "drill/tale.h"
#include "incident/replay_source.h"
#include "ui/style.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace memrb::cli {

class World;

struct DrillFromOptions {
    std::string from;                                 ///< as for `--replay`
    std::optional<std::vector<std::string>> answers;  ///< a script; absent: a person
    bool json = false;
};

/// Plays a recorded incident as a drill: what was answered then is answered again, the operator decides anew. Returns
/// the exit code.
int play_from(World& world, const DrillFromOptions& options);

/// One that has ended.
struct PastDebrief {
    const incident::ReplaySource& record;
    const drill::Past& past;
    const drill::Tale& tale;
    Timestamp began{};
};

std::string render(const PastDebrief& debrief, const ui::Style& style);

/// Schema `memrb/drill-from/v1`, see docs/json.md.
nlohmann::ordered_json drill_from_json(const PastDebrief& debrief);

}  // namespace memrb::cli
