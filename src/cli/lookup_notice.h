#pragma once

#include "cli/world.h"
#include "ui/redraw.h"

#include <string>

namespace memrb::cli {

/// One line on the terminal while a target is looked up for longer than an eye waits; gone with its scope. Nothing
/// where stderr is no terminal.
class LookupNotice {
public:
    LookupNotice(World& world, const std::string& target);
    ~LookupNotice();
    LookupNotice(const LookupNotice&) = delete;
    LookupNotice& operator=(const LookupNotice&) = delete;
    LookupNotice(LookupNotice&&) = delete;
    LookupNotice& operator=(LookupNotice&&) = delete;

private:
    World& world_;
    ui::Redraw lines_;
};

}  // namespace memrb::cli
