#pragma once

#include <string>
#include <string_view>

namespace memrb::runbook {

struct SyntaxError {
    std::string message;
    std::string hint;
};

/// yaml-cpp's words for a syntax error, said for someone who does not know YAML's grammar by heart.
SyntaxError explain(std::string_view yaml_cpp_message);

}  // namespace memrb::runbook
