#pragma once

#include "memrb/result.h"

#include <string>

namespace memrb::cli {

class World;

/// Has the person edit a text with $VISUAL, else $EDITOR, else vi, and gives what is left in the file, whose lines that
/// begin with `#` are memrb's. The file is in a folder of its own that nobody else can read, and is gone afterwards.
/// Errors: there is no terminal, the editor cannot be started or ends with another exit code than 0.
Result<std::string> edit_text(World& world, const std::string& text);

}  // namespace memrb::cli
