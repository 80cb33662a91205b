#include "runbook/references.h"

#include "runbook/keys.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::runbook {

bool is_built_in(std::string_view name) {
    return std::find(built_in_variables.begin(), built_in_variables.end(), name) != built_in_variables.end();
}

References find_references(std::string_view text) {
    References references;
    std::size_t at = 0;
    while ((at = text.find("${", at)) != std::string_view::npos) {
        if (at > 0 && text[at - 1] == '$') {
            at += 2;
            continue;
        }
        const std::size_t end = text.find_first_of("}\n", at);
        if (end == std::string_view::npos || text[end] == '\n') {
            references.bad.push_back(
                {"this `${` is never closed", "write `${name}`, or `$${` for a literal `${`", at, 2});
            at += 2;
            continue;
        }
        const std::string_view name = text.substr(at + 2, end - at - 2);
        if (is_variable(name)) {
            references.found.push_back({std::string(name), at, end + 1 - at});
        } else {
            references.bad.push_back(
                {fmt::format("`{}` names no variable", text.substr(at, std::min<std::size_t>(end + 1 - at, 60))),
                 "a name is small letters, digits and `_`; write `$${` for a literal `${`", at, end + 1 - at});
        }
        at = end + 1;
    }
    return references;
}

std::vector<std::string> mentioned_by_script(std::string_view script) {
    const auto part_of_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    std::vector<std::string> names;
    for (std::size_t at = script.find('$'); at != std::string_view::npos; at = script.find('$', at + 1)) {
        std::string_view rest = script.substr(at + 1);
        if (rest.starts_with('{')) {
            rest.remove_prefix(1);
        }
        const auto end = std::find_if_not(rest.begin(), rest.end(), part_of_name);
        names.emplace_back(rest.begin(), end);
    }
    return names;
}

}  // namespace memrb::runbook
