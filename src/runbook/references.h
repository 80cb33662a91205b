#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

/// `${name}` in a text.
struct Reference {
    std::string name;
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// `${` that begins no variable.
struct BadReference {
    std::string message;
    std::string hint;
    std::size_t offset = 0;
    std::size_t length = 0;
};

struct References {
    std::vector<Reference> found;
    std::vector<BadReference> bad;
};

/// Variables that memrb sets itself.
constexpr std::array<std::string_view, 11> built_in_variables{
    "target",    "container",  "platform", "image", "compose_service", "compose_project", "kind",
    "namespace", "pod_filter", "selector", "now"};
bool is_built_in(std::string_view name);

/// `$${` is a literal `${`; `$name`, `{{.Name}}` and everything else is plain text.
References find_references(std::string_view text);

/// Variables that a shell script mentions as `$name` or `${name...}`: a guess, for the order of steps only.
std::vector<std::string> mentioned_by_script(std::string_view script);

}  // namespace memrb::runbook
