#include "ui/utf8.h"

#include "base/text.h"

namespace memrb::ui {

std::u32string decode_utf8(std::string_view text) {
    const std::string valid = base::to_utf8(text);
    std::u32string characters;
    for (std::size_t i = 0; i < valid.size();) {
        const auto first = static_cast<unsigned char>(valid[i]);
        const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        char32_t code = length == 1 ? first : first & (0x7FU >> length);
        for (std::size_t k = 1; k < length; ++k) {
            code = (code << 6U) | (static_cast<unsigned char>(valid[i + k]) & 0x3FU);
        }
        characters += code;
        i += length;
    }
    return characters;
}

std::string encode_utf8(std::u32string_view characters) {
    std::string text;
    const auto trail = [&](char32_t code, unsigned shift) {
        text += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
    };
    for (char32_t code : characters) {
        if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
            code = 0xFFFD;
        }
        if (code < 0x80) {
            text += static_cast<char>(code);
        } else if (code < 0x800) {
            text += static_cast<char>(0xC0U | (code >> 6U));
            trail(code, 0);
        } else if (code < 0x10000) {
            text += static_cast<char>(0xE0U | (code >> 12U));
            trail(code, 6);
            trail(code, 0);
        } else {
            text += static_cast<char>(0xF0U | (code >> 18U));
            trail(code, 12);
            trail(code, 6);
            trail(code, 0);
        }
    }
    return text;
}

}  // namespace memrb::ui
