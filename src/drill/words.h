#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::drill {

/// What follows a program's name on a command line: its options and its own words, told apart by which options take a
/// value.
class Words {
public:
    Words(const std::vector<std::string>& argv, std::size_t from, const std::vector<std::string_view>& with_value);

    /// The last value of an option, given as `--name value` or `--name=value`.
    [[nodiscard]] std::optional<std::string> option(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& plain() const { return plain_; }

private:
    std::vector<std::pair<std::string, std::string>> options_;
    std::vector<std::string> plain_;
};

}  // namespace memrb::drill
