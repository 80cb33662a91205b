#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::engine {

/// The words of a plain condition. Each call passes over blanks and takes what it names, or nothing.
class PlainScanner {
public:
    explicit PlainScanner(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end();
    bool take(std::string_view sign);
    bool take_word(std::string_view word);
    /// The names of `.a.b`; none for `.`, which is all of it.
    std::optional<std::vector<std::string>> path();
    /// `null`, `true`, `false`, a number or a string that jq reads just as JSON does.
    std::optional<nlohmann::json> literal();

private:
    void skip_blanks();

    std::string_view rest_;
};

}  // namespace memrb::engine
