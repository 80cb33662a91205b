#pragma once

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace memrb::engine {

/// A condition that picks facts and compares them: `.target.platform == "docker" and .target.compose != null`,
/// `.features | (.retention | numbers >= 0.5) and .descriptors_grow`. Nearly all conditions and signs are such. jq
/// takes 20 ms to compile a set of programs, longer when the machine is busy, and 30 µs to test one of them, which is
/// much for a fleet: these need neither. Says exactly what jq says.
class PlainCondition {
public:
    /// Nothing if it is anything else than paths of names, literals without escapes, comparisons, `and`, `or`, `|`,
    /// brackets, `numbers`, `strings`, `not` and `select`.
    static std::optional<PlainCondition> parse(std::string_view text);

    /// Nothing if jq would end with an error (`.a.b` where `.a` is a string), with null or with no value at all. As in
    /// base::NullOrder::unknown, `<`, `<=`, `>` and `>=` with null are errors.
    [[nodiscard]] std::optional<bool> test(const nlohmann::json& facts) const;

    /// Whether it cannot hold, whatever else becomes known: a part that only looks at what is below `.root` says no.
    [[nodiscard]] bool ruled_out(std::string_view root, const nlohmann::json& facts) const;

    struct Node;

private:
    explicit PlainCondition(std::shared_ptr<const Node> root) : root_(std::move(root)) {}

    std::shared_ptr<const Node> root_;
};

}  // namespace memrb::engine
