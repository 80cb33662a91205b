#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace memrb::drill {

/// Chance without a state: the same for the same seed, name and number, in whatever order it is asked.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : seed_(seed) {}

    [[nodiscard]] std::uint64_t bits(std::string_view name, std::uint64_t number) const;
    /// Evenly from -1 to 1.
    [[nodiscard]] double swing(std::string_view name, std::uint64_t number) const;
    /// 64 hex digits, as a container's id.
    [[nodiscard]] std::string id(std::string_view name, std::uint64_t number) const;

private:
    std::uint64_t seed_;
};

}  // namespace memrb::drill
