#include "base/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace memrb::base {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digits() {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return digits;
}

constexpr std::array<std::uint8_t, 256> digits = make_digits();

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
        for (std::size_t j = 0; j < 3; ++j) {
            group = (group << 8U) | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            text += j <= count ? alphabet[(group >> (18U - 6U * j)) & 0x3FU] : '=';
        }
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::string_view group = text.substr(i, 4);
        if (i + 4 == text.size()) {
            group = group.substr(0, group.ends_with("==") ? 2 : group.ends_with('=') ? 3 : 4);
        }
        std::uint32_t value = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const std::uint8_t digit = j < group.size() ? digits[static_cast<unsigned char>(group[j])] : 0;
            if (digit == no_digit) {
                return std::nullopt;
            }
            value = (value << 6U) | digit;
        }
        const std::size_t count = group.size() - 1;
        for (std::size_t j = 0; j < count; ++j) {
            bytes += static_cast<char>((value >> (16U - 8U * j)) & 0xFFU);
        }
        if ((value & ((1U << (24U - 8U * count)) - 1U)) != 0 && count < 3) {
            return std::nullopt;
        }
    }
    return bytes;
}

}  // namespace memrb::base
