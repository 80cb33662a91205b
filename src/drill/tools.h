#pragma once

#include "drill/world.h"
#include "memrb/outcome.h"
#include "memrb/request.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace memrb::drill {

/// What a tool says, and what it took.
struct Reply {
    Ending ending = Exited{0};
    std::string out;
    std::string err;
    Milliseconds took{150};  ///< of the drill's time; it passes only if the world was changed
    bool changes = false;
};

/// Plays one tool: answers from the world in that tool's own format. No value: the request is not for this tool. A tool
/// of a drill is one constant in one file, registered by one line in tools.cpp.
struct Tool {
    std::string_view name;
    std::optional<Reply> (*answer)(const Request& request, World& world);
};

std::span<const Tool* const> tools();

// The usual answers.
Reply says(std::string out);
Reply says_http(int status, std::string body);
/// Exit code 127 and a sentence: the drill does not play this.
Reply not_played(std::string_view what);

}  // namespace memrb::drill
