#pragma once

#include "drill/score.h"
#include "ui/style.h"

#include <nlohmann/json.hpp>
#include <string>

namespace memrb::cli {

/// A drill that has ended.
struct Debrief {
    const drill::World& world;
    const drill::Tale& tale;
    const drill::Aftermath& after;
    const drill::Score& score;
    std::uint64_t seed = 0;
};

std::string render(const Debrief& debrief, const ui::Style& style);

/// The members `evidence` and `path` of documents about drills.
nlohmann::ordered_json looks_json(const drill::Tale& tale);
nlohmann::ordered_json path_json(const drill::Tale& tale);

/// Schema `memrb/drill/v1`, see docs/json.md.
nlohmann::ordered_json drill_json(const Debrief& debrief);

}  // namespace memrb::cli
