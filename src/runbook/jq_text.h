#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

struct JqProblem {
    std::string message;
    std::size_t offset = 0;
};

/// What can be told of a jq program without libjq: empty, or brackets and quotes that do not match.
std::optional<JqProblem> check_jq_text(std::string_view program);

/// A chain of fields as a program mentions it: `.steps.usage["now"]` is {steps, usage, now}.
struct JqPath {
    struct Part {
        std::string name;
        std::size_t offset = 0;
    };
    std::vector<Part> parts;
    bool of_input = false;  ///< certainly a field of the program's own input, not of something computed on the way
};

/// All chains of fields, those inside string interpolations too; texts and comments are left out.
std::vector<JqPath> find_jq_paths(std::string_view program);

}  // namespace memrb::runbook
