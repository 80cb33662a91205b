#pragma once

#include <string>
#include <string_view>

namespace memrb::runbook {

struct SyntaxError {
    std::string message;
    std::string hint;
    bool at_opening = false;  ///< it is about the bracket that was opened, not about where the reader gave up
};

/// yaml-cpp's words for a syntax error, said for someone who does not know YAML's grammar by heart.
SyntaxError explain(std::string_view yaml_cpp_message);

}  // namespace memrb::runbook
