#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::base {

/// What the bytes of a secret are, for one that goes on beyond what is in memory.
enum class SecretBytes : std::uint8_t { none, token, base64, word, quoted, double_quoted, line, key_block };

/// Where a secret stands in a text; `end` 0: there is none.
struct SecretSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    SecretBytes kind = SecretBytes::none;  ///< of what its rest consists, if it reaches the end of the text
    bool undecided = false;                ///< more of the text is needed
};

/// How a candidate is looked at, once its first four bytes were seen.
enum class SecretShape : std::uint8_t { literal, token, token64, key, key64, jwt, url, bearer, basic, named };

/// One way in which a secret begins.
struct SecretRule {
    SecretShape shape = SecretShape::literal;
    std::string begin = {};  ///< as it stands in the text
    std::size_t least = 0;   ///< token: how many bytes follow at least
    bool capitals = false;   ///< token: only capitals and digits, and just so many
    std::string plain = {};  ///< token64: what `begin` encodes
    unsigned skipped = 0;    ///< token64: how many of its first bits are not in `begin`
};

/// The ways in which secrets begin, for a scan with one look at each byte.
class SecretTable {
public:
    /// Knows all shapes, and no value.
    SecretTable();

    void add(SecretRule rule);

    /// The first place from `from` on at which something may begin; with none, where the last three bytes begin.
    [[nodiscard]] std::size_t next(std::string_view text, std::size_t from) const;

    /// The secret that is recognised at `at`, the longest if there are several. `more`: the text goes on beyond its
    /// end.
    [[nodiscard]] SecretSpan look(std::string_view text, std::size_t at, bool more) const;

private:
    static constexpr unsigned bits = 17;
    static constexpr std::uint32_t three_bytes = 0xFF'FFFF;
    using Filter = std::array<std::uint64_t, (std::size_t{1} << bits) / 64>;
    struct Place {
        std::uint32_t four;
        std::uint32_t rule;
    };

    static std::uint32_t load(const char* at) {
        std::uint32_t four = 0;
        std::memcpy(&four, at, sizeof four);
        return four;
    }
    static std::uint32_t slot(std::uint32_t value) { return (value * 2'654'435'761U) >> (32U - bits); }
    static void mark(Filter& filter, std::uint32_t value) {
        filter[slot(value) / 64] |= std::uint64_t{1} << slot(value) % 64;
    }
    static bool is_marked(const Filter& filter, std::uint32_t value) {
        return (filter[slot(value) / 64] >> slot(value) % 64 & 1U) != 0;
    }
    static SecretSpan look_by(const SecretRule& rule, std::string_view text, std::size_t at, bool more);

    std::uint32_t next_rule(SecretRule rule);
    void append(std::string_view four, std::uint32_t rule);
    void append(SecretRule rule);
    void append_in_any_case(std::string word, std::uint32_t rule);
    void sort();

    Filter four_{};   ///< which first four bytes a rule has
    Filter three_{};  ///< the first and the last three of those
    std::vector<SecretRule> rules_;
    std::vector<Place> places_;  ///< sorted
};

/// The characters of base64 that the bytes of `plain` alone decide, if it stands `shift` (0 to 2) bytes behind the
/// beginning of a group of three.
std::string inside_base64(std::string_view plain, unsigned shift);

}  // namespace memrb::base
