#pragma once

#include "memrb/units.h"
#include "ui/style.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace memrb::ui {

/// Where an interrupted option stands, before it goes on.
struct ResumeView {
    struct Line {
        std::size_t number = 0;  ///< from 1
        std::string id;
        std::string title;
        std::string progress;  ///< `done`, `left out`, `failed`, `unknown`, `open`
        std::string why;       ///< may be empty
    };
    std::string incident;
    std::string option;
    bool undo = false;
    std::optional<Timestamp> began;
    Timestamp now{};
    std::vector<std::string> since;  ///< what has changed since the record ends, one line each
    std::vector<Line> steps;
};

std::string render(const ResumeView& view, const Style& style);

}  // namespace memrb::ui
