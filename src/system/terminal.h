#pragma once

#include "system/environment.h"

namespace memrb::system {

struct TerminalSize {
    int columns = 80;
    int rows = 24;
};

bool is_terminal(int fd);

/// What the kernel says of `fd`, else COLUMNS and LINES, else 80 x 24.
TerminalSize terminal_size(int fd, const Environment& environment);

enum class ColourChoice { automatic, always, never };

/// The flag, then NO_COLOR, CLICOLOR_FORCE, TERM=dumb, and whether `fd` is a terminal.
bool use_colour(ColourChoice choice, int fd, const Environment& environment);

/// The locale (LC_ALL, LC_CTYPE, LANG, the first that is set) says UTF-8.
bool locale_is_utf8(const Environment& environment);

}  // namespace memrb::system
