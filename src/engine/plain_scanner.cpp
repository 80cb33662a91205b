#include "engine/plain_scanner.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace memrb::engine {

namespace {

using Json = nlohmann::json;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool in_name(char c) {
    return begins_name(c) || is_digit(c);
}

std::optional<Json> read(std::string_view text) {
    auto json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? std::nullopt : std::optional(std::move(json));
}

}  // namespace

void PlainScanner::skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size()));
}

bool PlainScanner::at_end() {
    skip_blanks();
    return rest_.empty();
}

bool PlainScanner::take(std::string_view sign) {
    skip_blanks();
    if (!rest_.starts_with(sign)) {
        return false;
    }
    rest_.remove_prefix(sign.size());
    return true;
}

bool PlainScanner::take_word(std::string_view word) {
    skip_blanks();
    const bool longer = rest_.size() > word.size() && (in_name(rest_[word.size()]) || rest_[word.size()] == ':');
    if (!rest_.starts_with(word) || longer) {
        return false;
    }
    rest_.remove_prefix(word.size());
    return true;
}

std::optional<std::vector<std::string>> PlainScanner::path() {
    skip_blanks();
    std::vector<std::string> names;
    if (rest_.empty() || rest_[0] != '.') {
        return std::nullopt;
    }
    if (rest_.size() == 1 || !begins_name(rest_[1])) {
        constexpr std::string_view goes_on = ".[\"?0123456789";
        const bool alone = rest_.size() == 1 || goes_on.find(rest_[1]) == std::string_view::npos;
        rest_.remove_prefix(alone ? 1 : 0);
        return alone ? std::optional(std::move(names)) : std::nullopt;
    }
    while (rest_.size() > 1 && rest_[0] == '.' && begins_name(rest_[1])) {
        const auto end = std::find_if_not(rest_.begin() + 1, rest_.end(), in_name);
        names.emplace_back(rest_.begin() + 1, end);
        rest_.remove_prefix(names.back().size() + 1);
    }
    return names;
}

std::optional<Json> PlainScanner::literal() {
    for (const std::string_view word : {"null", "true", "false"}) {
        if (take_word(word)) {
            return read(word);
        }
    }
    skip_blanks();
    std::size_t length = 0;
    if (rest_.starts_with('"')) {
        const auto end = rest_.find_first_of("\"\\\n\t\r", 1);
        length = end == std::string_view::npos || rest_[end] != '"' ? 0 : end + 1;
    } else {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), [](char c) { return is_digit(c) || c == '.'; });
        length = static_cast<std::size_t>(end - rest_.begin());
        const bool goes_on = length < rest_.size() && begins_name(rest_[length]);  // an exponent, or no number at all
        length = goes_on ? 0 : length;
    }
    auto json = read(rest_.substr(0, length));
    if (json) {
        rest_.remove_prefix(length);
    }
    return json;
}

}  // namespace memrb::engine
