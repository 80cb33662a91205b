#include "incident/names.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <random>

namespace memrb::incident {

namespace {

constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
constexpr std::size_t id_length = 4;
constexpr std::size_t longest_target = 100;  // a file name has at most 255 bytes
constexpr std::size_t stamp_length = 16;     // 20261121T212200Z

bool is_safe(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
}

std::string safe_target(std::string_view target) {
    std::string safe(target.substr(0, longest_target));
    std::replace_if(safe.begin(), safe.end(), [](char c) { return !is_safe(c); }, '-');
    return safe.empty() ? "unnamed" : safe;
}

std::string stamp(Timestamp at) {
    std::string text = format_rfc3339(std::chrono::floor<std::chrono::seconds>(at));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

// 20261121T212200Z -> 2026-11-21T21:22:00Z
std::optional<Timestamp> parse_stamp(std::string_view text) {
    if (text.size() != stamp_length) {
        return std::nullopt;
    }
    const auto part = [&](std::size_t from, std::size_t count) { return text.substr(from, count); };
    const auto at = parse_rfc3339(
        fmt::format("{}-{}-{}{}:{}:{}", part(0, 4), part(4, 2), part(6, 2), part(8, 3), part(11, 2), part(13, 3)));
    return at ? std::optional(*at) : std::nullopt;
}

}  // namespace

RandomSource system_random() {
    return [] { return static_cast<std::uint32_t>(std::random_device()()); };
}

std::string make_id(const RandomSource& random) {
    std::string id;
    while (id.size() < id_length) {
        const std::uint32_t value = random() % 32;  // 32 is one more than there are letters: try again, stay uniform
        if (value < alphabet.size()) {
            id += alphabet[value];
        }
    }
    return id;
}

bool is_id_prefix(std::string_view text) {
    return !text.empty() && text.size() <= id_length && text.find_first_not_of(alphabet) == std::string_view::npos;
}

std::string folder_name(Timestamp at, std::string_view target, std::string_view id) {
    return fmt::format("{}-{}-{}", stamp(at), safe_target(target), id);
}

std::optional<FolderName> parse_folder_name(std::string_view name) {
    if (name.size() < stamp_length + 1 + 1 + 1 + id_length || name.size() > 255 ||
        !std::all_of(name.begin(), name.end(), is_safe)) {
        return std::nullopt;
    }
    const std::string_view id = name.substr(name.size() - id_length);
    const auto at = parse_stamp(name.substr(0, stamp_length));
    if (!at || name[stamp_length] != '-' || name[name.size() - id_length - 1] != '-' || !is_id_prefix(id)) {
        return std::nullopt;
    }
    const std::size_t from = stamp_length + 1;
    return FolderName{*at, std::string(name.substr(from, name.size() - id_length - 1 - from)), std::string(id)};
}

}  // namespace memrb::incident
