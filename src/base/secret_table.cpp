#include "base/secret_table.h"

#include "base/base64.h"
#include "base/secret_shapes.h"

#include <algorithm>
#include <array>

namespace memrb::base {

namespace {

struct Token {
    std::string_view begin;
    std::size_t least;
    bool capitals = false;
};

// How the tokens of known services begin, and how many characters follow at least.
constexpr std::array<Token, 37> tokens{{
    {"AKIA", 16, true}, {"ASIA", 16, true},  {"ghp_", 30},      {"gho_", 30},    {"ghu_", 30},     {"ghs_", 30},
    {"ghr_", 30},       {"github_pat_", 30}, {"glpat-", 16},    {"glrt-", 16},   {"gldt-", 16},    {"xoxb-", 12},
    {"xoxp-", 12},      {"xoxa-", 12},       {"xoxr-", 12},     {"xoxs-", 12},   {"xapp-", 12},    {"sk_live_", 16},
    {"sk_test_", 16},   {"rk_live_", 16},    {"sk-proj-", 20},  {"sk-ant-", 20}, {"AIza", 30},     {"ya29.", 20},
    {"npm_", 30},       {"pypi-", 40},       {"dckr_pat_", 20}, {"hvs.", 20},    {"hvb.", 20},     {"dop_v1_", 40},
    {"shpat_", 24},     {"glsa_", 24},       {"GOCSPX-", 20},   {"tskey-", 16},  {"lin_api_", 24}, {"whsec_", 24},
    {"sq0atp-", 20},
}};

// Beginnings of three bytes: with each character that may follow.
constexpr std::array<Token, 3> short_tokens{{{"SG.", 20}, {"hf_", 28}, {"sk-", 32}}};

constexpr std::string_view token_bytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
constexpr std::string_view key_begin = "-----BEGIN";
constexpr unsigned shifts = 3;

unsigned skipped_bits(unsigned shift) {
    return shift == 0 ? 0 : shift == 1 ? 4 : 2;
}

}  // namespace

std::string inside_base64(std::string_view plain, unsigned shift) {
    const std::string coded = to_base64(std::string(shift, '\0') + std::string(plain));
    const std::size_t bits_before = std::size_t{8} * shift;
    const std::size_t first = (bits_before + 5) / 6;
    const std::size_t last = (bits_before + 8 * plain.size()) / 6;
    return last > first ? coded.substr(first, last - first) : std::string();
}

SecretTable::SecretTable() {
    for (const auto& token : tokens) {
        const std::string plain(token.begin);
        append({SecretShape::token, plain, token.least, token.capitals});
        for (unsigned shift = 0; shift < shifts; ++shift) {
            append({SecretShape::token64, inside_base64(plain, shift), token.least, token.capitals, plain,
                    skipped_bits(shift)});
        }
    }
    for (const auto& token : short_tokens) {
        const auto rule = next_rule({SecretShape::token, std::string(token.begin), token.least});
        for (const char c : token_bytes) {
            append(std::string(token.begin) + c, rule);
        }
    }
    const auto jwt = next_rule({SecretShape::jwt});
    const auto url = next_rule({SecretShape::url});
    for (const char c : token_bytes) {
        append(std::string("eyJ") + c, jwt);
        append(std::string(1, c) + "://", url);
    }
    append("BEGI", next_rule({SecretShape::key}));
    for (unsigned shift = 0; shift < shifts; ++shift) {
        append({SecretShape::key64, inside_base64(key_begin, shift)});
    }
    append_in_any_case("bear", next_rule({SecretShape::bearer}));
    append_in_any_case("basi", next_rule({SecretShape::basic}));
    const auto named = next_rule({SecretShape::named});
    for (const auto& beginning : name_beginnings()) {
        append_in_any_case(beginning, named);
    }
    sort();
}

std::uint32_t SecretTable::next_rule(SecretRule rule) {
    rules_.push_back(std::move(rule));
    return static_cast<std::uint32_t>(rules_.size() - 1);
}

void SecretTable::append(std::string_view four, std::uint32_t rule) {
    const std::uint32_t value = load(four.data());
    mark(four_, value);
    mark(three_, value >> 8U);
    mark(three_, value & three_bytes);
    places_.push_back({value, rule});
}

void SecretTable::append(SecretRule rule) {
    const std::string four = rule.begin.substr(0, 4);
    append(four, next_rule(std::move(rule)));
}

void SecretTable::append_in_any_case(std::string word, std::uint32_t rule) {
    for (unsigned mask = 0; mask < 16; ++mask) {
        std::string variant = word;
        bool letters = true;
        for (unsigned i = 0; i < 4; ++i) {
            if ((mask >> i & 1U) != 0) {
                letters = letters && variant[i] >= 'a' && variant[i] <= 'z';
                variant[i] = static_cast<char>(variant[i] - 0x20);
            }
        }
        if (letters) {
            append(variant, rule);
        }
    }
}

void SecretTable::sort() {
    std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.four < b.four; });
}

void SecretTable::add(SecretRule rule) {
    append(std::move(rule));
    sort();
}

// The three bytes behind `at` decide for two places at once: both begin one byte before them, or with them.
std::size_t SecretTable::next(std::string_view text, std::size_t from) const {
    if (text.size() < 4) {
        return from;
    }
    const std::size_t end = text.size() - 3;
    std::size_t at = from;
    while (at + 1 < end) {
        if (is_marked(three_, load(text.data() + at) >> 8U)) {
            if (is_marked(four_, load(text.data() + at))) {
                return at;
            }
            if (is_marked(four_, load(text.data() + at + 1))) {
                return at + 1;
            }
        }
        at += 2;
    }
    if (at < end && is_marked(four_, load(text.data() + at))) {
        return at;
    }
    return std::max(from, end);
}

SecretSpan SecretTable::look(std::string_view text, std::size_t at, bool more) const {
    const std::uint32_t four = load(text.data() + at);
    SecretSpan best;
    auto place = std::lower_bound(places_.begin(), places_.end(), four,
                                  [](const Place& one, std::uint32_t wanted) { return one.four < wanted; });
    for (; place != places_.end() && place->four == four; ++place) {
        const SecretSpan span = look_by(rules_[place->rule], text, at, more);
        best.undecided = best.undecided || span.undecided;
        if (span.end > best.end) {
            best.begin = span.begin;
            best.end = span.end;
            best.kind = span.kind;
        }
    }
    return best;
}

SecretSpan SecretTable::look_by(const SecretRule& rule, std::string_view text, std::size_t at, bool more) {
    const std::size_t have = std::min(rule.begin.size(), text.size() - at);
    if (text.compare(at, have, rule.begin, 0, have) != 0) {
        return {};
    }
    if (have < rule.begin.size()) {
        return {0, 0, SecretBytes::none, more};
    }
    switch (rule.shape) {
        case SecretShape::literal: return {at, at + have, SecretBytes::none};
        case SecretShape::token: return look_at_token(text, at, rule, more);
        case SecretShape::token64: return look_at_token64(text, at, rule, more);
        case SecretShape::key: return look_at_key(text, at, more);
        case SecretShape::key64: return look_at_key64(text, at, more);
        case SecretShape::jwt: return look_at_jwt(text, at, more);
        case SecretShape::url: return look_at_url(text, at, more);
        case SecretShape::bearer: return look_at_bearer(text, at, more);
        case SecretShape::basic: return look_at_basic(text, at, more);
        case SecretShape::named: return look_at_named(text, at, more);
    }
    return {};
}

}  // namespace memrb::base
