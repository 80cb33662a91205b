#pragma once

#include "memrb/action.h"
#include "ui/style.h"

#include <string>
#include <vector>

namespace memrb::ui {

/// Everything that a person wants to know before choosing an option.
struct OptionPage {
    std::string id;
    std::string title;
    bool suggested = false;
    std::string why;  ///< why it is suggested, or not
    std::string use_when;
    std::string costs;
    Risk risk = Risk::disruptive;
    std::vector<std::string> steps;   ///< what is done: titles and, indented, exact commands; never wrapped or cut
    std::vector<std::string> verify;  ///< how it is seen that it worked, in the same form
    std::vector<std::string> undo;
    std::string advice;  ///< Markdown
    bool runs = false;   ///< the steps can be run from here
};

/// `target` is named as it is pinned: `docker · backend`.
std::string render(const OptionPage& page, const std::string& target, const Style& style);

}  // namespace memrb::ui
