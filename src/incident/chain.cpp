#include "incident/chain.h"

#include <algorithm>

namespace memrb::incident {

namespace {

constexpr std::string_view member = ",\"hash\":\"";
constexpr std::string_view closing = "\"}";
constexpr std::size_t digits = 64;
constexpr std::size_t sealed_part = member.size() + digits + closing.size();

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

std::string Chain::hash_of(std::string_view line) {
    digest_.add(last_);
    digest_.add(line);
    return digest_.finish();
}

std::string Chain::seal(std::string_view line) {
    next_ = hash_of(line);
    std::string sealed;
    sealed.reserve(line.size() + sealed_part + 1);  // and the line's end
    sealed += line.substr(0, line.size() - 1);
    sealed += member;
    sealed += next_;
    sealed += closing;
    return sealed;
}

bool Chain::follows(std::string_view sealed_line) {
    const auto hash = hash_in(sealed_line);
    if (!hash) {
        return false;
    }
    const std::string line = std::string(sealed_line.substr(0, sealed_line.size() - sealed_part)) + "}";
    if (hash_of(line) != *hash) {
        return false;
    }
    last_ = *hash;
    return true;
}

bool Chain::had_hash(std::string_view line) {
    if (line.size() <= sealed_part) {
        return false;
    }
    const std::string body = std::string(line.substr(0, line.size() - sealed_part)) + "}";
    const std::string expected = std::string(member) + hash_of(body) + std::string(closing);
    const std::string_view end = line.substr(line.size() - sealed_part);
    std::size_t equal = 0;
    for (std::size_t i = 0; i < sealed_part; ++i) {
        equal += end[i] == expected[i] ? 1 : 0;
    }
    return equal > sealed_part / 2;  // by chance it would be a sixteenth
}

std::optional<std::string_view> hash_in(std::string_view line) {
    if (line.size() <= sealed_part || !line.ends_with(closing)) {
        return std::nullopt;
    }
    const std::string_view end = line.substr(line.size() - sealed_part);
    const std::string_view hash = end.substr(member.size(), digits);
    const bool whole = end.starts_with(member) && std::all_of(hash.begin(), hash.end(), is_hex);
    return whole ? std::optional(hash) : std::nullopt;
}

}  // namespace memrb::incident
