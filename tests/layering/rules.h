#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace memrb::layering {

struct Violation {
    std::string file;  ///< relative to the tree
    int line = 0;
    std::string rule;  ///< what is included, and which rule it breaks

    bool operator==(const Violation&) const = default;
};

/// `src/memory/trend.cpp:3: includes "engine/facts.h": memory may include ...`, as a compiler would write it.
std::string to_string(const Violation& violation);

/// All files below `tree`/include and `tree`/src, in the order of their names. The rules are those of
/// docs/architecture.md; their tables stand in rules.cpp.
std::vector<Violation> find_violations(const std::filesystem::path& tree);

}  // namespace memrb::layering
