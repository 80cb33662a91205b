#include "cli/lookup_notice.h"

#include "base/text.h"
#include "ui/style.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::cli {

LookupNotice::LookupNotice(World& world, const std::string& target) : world_(world) {
    if (!world_.live()) {
        return;
    }
    const ui::ScreenSize size = world_.screen();
    const auto& style = world_.err_style();
    const std::string line =
        fmt::format("  {} looking for {}, and reading", ui::glyph(style, ui::Glyph::busy), base::printable(target));
    const auto room = static_cast<std::size_t>(std::max(size.columns, 2)) - 1;
    world_.err().write(lines_.replace({base::fit(line, room, !style.utf8)}, size));
}

LookupNotice::~LookupNotice() {
    if (const auto text = lines_.erase(world_.screen()); !text.empty()) {
        world_.err().write(text);
    }
}

}  // namespace memrb::cli
