#include "drill/chance.h"

#include <fmt/core.h>

namespace memrb::drill {

namespace {

// The finaliser of SplitMix64.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

}  // namespace

std::uint64_t Chance::bits(std::string_view name, std::uint64_t number) const {
    std::uint64_t value = mix(seed_);
    for (const char c : name) {
        value = mix(value ^ static_cast<unsigned char>(c));
    }
    return mix(value ^ number);
}

double Chance::swing(std::string_view name, std::uint64_t number) const {
    constexpr double half = 9007199254740992.0 / 2;  // of 2^53
    return static_cast<double>(bits(name, number) >> 11U) / half - 1;
}

std::string Chance::id(std::string_view name, std::uint64_t number) const {
    std::string digits;
    for (std::uint64_t part = 0; part < 4; ++part) {
        digits += fmt::format("{:016x}", bits(name, number * 4 + part));
    }
    return digits;
}

}  // namespace memrb::drill
