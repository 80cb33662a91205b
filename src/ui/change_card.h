#pragma once

#include "memrb/change.h"
#include "memrb/event.h"
#include "memrb/recovery.h"
#include "ui/style.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::ui {

/// What is shown of a change before it is made: exact commands, never wrapped or cut. `target` as it is pinned.
std::string render(const ChangeCard& card, const std::string& target, const Style& style);
std::string render(const TaskCard& card, const Style& style);

/// What came of an option.
struct RemedyView {
    std::string option;
    std::string end;  ///< `applied`, `unverified`, ...
    std::string why;
    struct Line {
        std::string id;
        StepStatus status = StepStatus::unknown;
        std::string said;
        std::vector<std::string> warnings = {};
    };
    std::vector<Line> steps;
    std::vector<Line> checks;
    std::optional<Bytes> before, after;  ///< memory in use
    bool limit_changed = false;
    std::optional<WatchResult> recovery{};  ///< absent: not watched
};

/// Whether memory fell by an amount that matters: 1 MiB and 1 % of it at least. No value: one of the two measurements
/// is missing, or the option has changed the limit and so did not aim at it.
std::optional<bool> helped(const RemedyView& view);

/// How it ended, the checks, and whether memory fell.
std::string render(const RemedyView& view, const Style& style);

}  // namespace memrb::ui
