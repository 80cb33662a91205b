#pragma once

#include <map>
#include <string>
#include <string_view>

namespace memrb::system {

/// Environment variables by name. Handed down instead of getenv(), so that tests can give their own.
class Environment {
public:
    explicit Environment(std::map<std::string, std::string, std::less<>> values) : values_(std::move(values)) {}
    /// The process's own.
    static Environment of_process();

    /// Empty if it is not set: an empty variable counts as unset, as everywhere in Unix.
    [[nodiscard]] const std::string& get(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return !get(name).empty(); }
    /// $HOME, else the password database's.
    [[nodiscard]] std::string home() const;

private:
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace memrb::system
