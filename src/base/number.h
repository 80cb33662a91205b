#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace memrb::base {

/// The whole of `text` as a number in decimal, without blanks or a plus sign. Nothing if there is anything else in it,
/// or it does not fit into a T. A floating T takes `inf` and `nan` too.
template <class T>
std::optional<T> number(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional<T>(value) : std::nullopt;
}

}  // namespace memrb::base
