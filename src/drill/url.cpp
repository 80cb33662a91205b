#include "drill/url.h"

#include "base/number.h"
#include "base/text.h"

#include <cctype>

namespace memrb::drill {

namespace {

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = [](char c) { return c <= '9' ? c - '0' : std::toupper(c) - 'A' + 10; };
        if (text[i] == '%' && i + 2 < text.size()) {
            plain += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

}  // namespace

PathAndQuery split_url(std::string_view text) {
    const std::size_t mark = text.find('?');
    return {text.substr(0, mark), mark == std::string_view::npos ? std::string_view() : text.substr(mark + 1)};
}

std::string url_parameter(std::string_view query, std::string_view name) {
    for (const auto part : base::split(query, '&')) {
        if (part.starts_with(name) && part.size() > name.size() && part[name.size()] == '=') {
            return decoded(part.substr(name.size() + 1));
        }
    }
    return {};
}

std::optional<Timestamp> url_moment(std::string_view query, std::string_view name) {
    const auto seconds = base::number<double>(url_parameter(query, name));
    return seconds ? std::optional(from_unix_seconds(*seconds)) : std::nullopt;
}

}  // namespace memrb::drill
