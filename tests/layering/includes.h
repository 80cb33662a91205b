#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memrb::layering {

struct Include {
    int line = 0;
    std::string path;  ///< as it is written; of a computed include (`#include MACRO`) all that follows the directive
    enum class Form { quotes, brackets, computed } form = Form::quotes;
};

/// The include directives of C++ source text, those inside of comments and string literals left out. Conditions
/// (`#if`) are not evaluated: an include that is never compiled counts as well.
std::vector<Include> find_includes(std::string_view source);

}  // namespace memrb::layering
