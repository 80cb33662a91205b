#include "system/terminal.h"

#include "base/number.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <cctype>
#include <string>

namespace memrb::system {

namespace {

int positive_or(const std::string& text, int otherwise) {
    constexpr int widest = 10'000;
    const auto value = base::number<int>(text);
    return value && *value > 0 && *value <= widest ? *value : otherwise;
}

}  // namespace

bool is_terminal(int fd) {
    return isatty(fd) == 1;
}

TerminalSize terminal_size(int fd, const Environment& environment) {
    const TerminalSize standard;
    winsize size{};
    const bool known = ioctl(fd, TIOCGWINSZ, &size) == 0;
    return {known && size.ws_col > 0 ? size.ws_col : positive_or(environment.get("COLUMNS"), standard.columns),
            known && size.ws_row > 0 ? size.ws_row : positive_or(environment.get("LINES"), standard.rows)};
}

bool use_colour(ColourChoice choice, int fd, const Environment& environment) {
    if (choice != ColourChoice::automatic) {
        return choice == ColourChoice::always;
    }
    if (environment.has("NO_COLOR")) {
        return false;
    }
    if (environment.has("CLICOLOR_FORCE") && environment.get("CLICOLOR_FORCE") != "0") {
        return true;
    }
    return environment.get("TERM") != "dumb" && is_terminal(fd);
}

bool locale_is_utf8(const Environment& environment) {
    for (const std::string_view name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (!environment.has(name)) {
            continue;
        }
        std::string value = environment.get(name);
        std::transform(value.begin(), value.end(), value.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    }
    return false;
}

}  // namespace memrb::system
