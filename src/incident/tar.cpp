#include "incident/tar.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>

namespace memrb::incident {

namespace {

// The fields of a header: where they begin and how long they are.
struct Field {
    std::size_t at;
    std::size_t size;
};
constexpr Field name_field{0, 100};
constexpr Field mode_field{100, 8};
constexpr Field owner_field{108, 8};
constexpr Field group_field{116, 8};
constexpr Field size_field{124, 12};
constexpr Field time_field{136, 12};
constexpr Field sum_field{148, 8};
constexpr std::size_t type_at = 156;
constexpr Field magic_field{257, 8};
constexpr Field prefix_field{345, 155};
constexpr std::string_view magic{
    "ustar\0"
    "00",
    8};

void put(std::string& block, Field field, std::string_view text) {
    block.replace(field.at, text.size(), text);
}

std::string octal(std::uint64_t value, std::size_t digits) {
    return fmt::format("{:0{}o}", value, digits);
}

std::string_view text_of(std::string_view block, Field field) {
    const std::string_view bytes = block.substr(field.at, field.size);
    return bytes.substr(0, std::min(bytes.find('\0'), bytes.size()));
}

std::optional<std::uint64_t> number_of(std::string_view block, Field field) {
    std::uint64_t value = 0;
    const auto text = base::trim(text_of(block, field));
    for (const char c : text) {
        if (c < '0' || c > '7') {
            return std::nullopt;
        }
        value = value * 8 + static_cast<std::uint64_t>(c - '0');
    }
    return text.empty() ? std::nullopt : std::optional(value);
}

// With blanks in the place of the sum itself.
std::uint64_t sum_of(std::string_view block) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const bool own = i >= sum_field.at && i < sum_field.at + sum_field.size;
        sum += own ? static_cast<unsigned char>(' ') : static_cast<unsigned char>(block[i]);
    }
    return sum;
}

std::string_view kind_of(char type) {
    switch (type) {
        case '1':
        case '2': return "a link";
        case '3':
        case '4': return "a device";
        case '5': return "a folder";
        case '6': return "a pipe";
        default: return "no plain file";
    }
}

}  // namespace

Result<std::string> tar_header(const TarMember& member, Timestamp at) {
    std::string block(tar_block, '\0');
    std::string_view name = member.name;
    if (name.size() > name_field.size) {
        const auto slash = name.find('/');
        if (slash == std::string_view::npos || slash > prefix_field.size || name.size() - slash - 1 > name_field.size) {
            return fail(Fault::failed, fmt::format("`{}` is too long a name for an archive", base::printable(name)));
        }
        put(block, prefix_field, name.substr(0, slash));
        name.remove_prefix(slash + 1);
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    put(block, name_field, name);
    put(block, mode_field, octal(0600, 7));
    put(block, owner_field, octal(0, 7));
    put(block, group_field, octal(0, 7));
    put(block, size_field, octal(member.size, 11));
    put(block, time_field, octal(static_cast<std::uint64_t>(std::max<decltype(seconds)>(seconds, 0)), 11));
    block[type_at] = '0';
    put(block, magic_field, magic);
    put(block, sum_field, octal(sum_of(block), 6));
    block[sum_field.at + 6] = '\0';
    block[sum_field.at + 7] = ' ';
    return block;
}

std::string tar_padding(std::uint64_t size) {
    return std::string(static_cast<std::size_t>((tar_block - size % tar_block) % tar_block), '\0');
}

Result<std::optional<TarMember>> read_tar_header(std::string_view block) {
    if (std::all_of(block.begin(), block.end(), [](char c) { return c == '\0'; })) {
        return std::optional<TarMember>();
    }
    if (block.size() != tar_block || block.substr(magic_field.at, 5) != "ustar") {
        return fail(Fault::failed, "it is no tar archive");
    }
    const auto sum = number_of(block, sum_field);
    const auto size = number_of(block, size_field);
    if (!sum || *sum != sum_of(block) || !size) {
        return fail(Fault::failed, "a header in it is broken");
    }
    TarMember member{std::string(text_of(block, name_field)), *size};
    if (const auto prefix = text_of(block, prefix_field); !prefix.empty()) {
        member.name = std::string(prefix) + "/" + member.name;
    }
    if (const char type = block[type_at]; type != '0' && type != '\0') {
        return fail(Fault::failed, fmt::format("`{}` in it is {}", base::printable(member.name), kind_of(type)));
    }
    return std::optional(std::move(member));
}

}  // namespace memrb::incident
