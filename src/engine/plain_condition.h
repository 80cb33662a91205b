#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::engine {

/// A condition that only compares facts with literals: `.target.platform == "docker" and .target.compose != null`.
/// Most conditions of steps are such, and compiling jq programs takes 20 ms, longer when the machine is busy: these
/// need not wait for it. Says exactly what jq says.
class PlainCondition {
public:
    /// Nothing if it is anything else than paths of names, `==`, `!=`, `and`, and strings, `null`, `true` or `false`.
    static std::optional<PlainCondition> parse(std::string_view text);

    /// Nothing if jq would end with an error (`.a.b` where `.a` is a string, or the facts are no JSON).
    [[nodiscard]] std::optional<bool> test(std::string_view facts) const;

    /// Whether it cannot hold, whatever else becomes known: a comparison of something below `.root` says no.
    [[nodiscard]] bool ruled_out(std::string_view root, std::string_view facts) const;

private:
    struct Comparison {
        std::vector<std::string> path;
        bool equal = true;
        std::string literal;  ///< as JSON text
    };
    std::vector<Comparison> all_;
};

}  // namespace memrb::engine
