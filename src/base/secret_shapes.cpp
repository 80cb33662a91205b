#include "base/secret_shapes.h"

#include <algorithm>
#include <optional>

namespace memrb::base {

namespace {

using Bytes = SecretBytes;

constexpr std::string_view key_end = "-----END";
constexpr SecretSpan nothing{};
constexpr SecretSpan undecided{0, 0, Bytes::none, true};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_letter(char c) {
    return is_capital(c) || (c >= 'a' && c <= 'z');
}

bool one_of(char c, std::string_view set) {
    return set.find(c) != std::string_view::npos;
}

bool belongs(Bytes kind, char c) {
    const bool alnum = is_letter(c) || is_digit(c);
    switch (kind) {
        case Bytes::none: return false;
        case Bytes::token: return alnum || one_of(c, "_-");
        case Bytes::base64: return alnum || one_of(c, "+/=_-");
        case Bytes::word: return static_cast<unsigned char>(c) > ' ' && !one_of(c, "\"'`,;&)]}<>\\");
        case Bytes::quoted: return c != '\'' && c != '\n';
        case Bytes::double_quoted: return c != '"' && c != '\n';
        case Bytes::line: return !one_of(c, "\n\r\"'`\\");
        case Bytes::key_block: return alnum || one_of(c, "+/=:,-_. \n\r\t\\");
    }
    return false;
}

std::optional<unsigned> value_of(char c) {
    constexpr std::string_view first = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const auto place = first.find(c);
    if (place != std::string_view::npos) {
        return static_cast<unsigned>(place);
    }
    return c == '+' || c == '-' ? std::optional(62U) : c == '/' || c == '_' ? std::optional(63U) : std::nullopt;
}

// The whole bytes of base64 text whose first `skipped` bits belong to nothing; ends at what is no base64.
std::string decoded(std::string_view coded, unsigned skipped) {
    std::string bytes;
    unsigned have = 0;
    std::uint32_t pending = 0;
    unsigned drop = skipped;
    for (const char c : coded) {
        const auto value = value_of(c);
        if (!value) {
            break;
        }
        pending = (pending << 6U) | *value;
        have += 6;
        if (drop != 0 && have >= drop) {
            have -= drop;
            drop = 0;
        }
        if (drop == 0 && have >= 8) {
            have -= 8;
            bytes += static_cast<char>((pending >> have) & 0xFFU);
        }
        pending &= (1U << have) - 1U;
    }
    return bytes;
}

bool starts_word(std::string_view text, std::size_t at) {
    return at == 0 || !is_word_byte(text[at - 1]);
}

bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_digit);
}

std::size_t skip_blanks(std::string_view text, std::size_t from) {
    while (from < text.size() && one_of(text[from], " \t")) {
        ++from;
    }
    return from;
}

// Lower-case `word` at `at`, in whatever case.
bool says(std::string_view text, std::size_t at, std::string_view word) {
    return text.size() - at >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char a, char b) { return a == (is_capital(b) ? b | 0x20 : b); });
}

}  // namespace

bool is_word_byte(char c) {
    return is_letter(c) || is_digit(c) || c == '_';
}

std::size_t end_of(Bytes kind, std::string_view text, std::size_t from) {
    while (from < text.size() && belongs(kind, text[from])) {
        if (kind == Bytes::key_block && text[from] == '-' && text.substr(from).starts_with(key_end)) {
            break;
        }
        from += kind == Bytes::double_quoted && text[from] == '\\' ? 2 : 1;
    }
    return std::min(from, text.size());
}

SecretSpan look_at_token(std::string_view text, std::size_t at, const SecretRule& rule, bool more) {
    if (!starts_word(text, at)) {
        return nothing;
    }
    const std::size_t body = at + rule.begin.size();
    const std::size_t end = end_of(Bytes::token, text, body);
    if (end == text.size() && more) {
        return undecided;
    }
    const std::string_view rest = text.substr(body, end - body);
    if (rule.capitals) {
        const bool fits = rest.size() == rule.least &&
                          std::all_of(rest.begin(), rest.end(), [](char c) { return is_capital(c) || is_digit(c); });
        return fits ? SecretSpan{at, end, Bytes::token} : nothing;
    }
    return rest.size() >= rule.least && has_digit(rest) ? SecretSpan{at, end, Bytes::token} : nothing;
}

SecretSpan look_at_token64(std::string_view text, std::size_t at, const SecretRule& rule, bool more) {
    constexpr std::size_t longest = 2048;
    const std::size_t end = end_of(Bytes::base64, text.substr(0, std::min(text.size(), at + longest)), at);
    if (end == text.size() && more) {
        return undecided;
    }
    const unsigned missing = rule.skipped == 0 ? 0 : 8 - rule.skipped;
    std::string plain = rule.skipped == 0 ? std::string() : rule.plain.substr(0, 1);
    plain += decoded(text.substr(at, end - at), missing);
    SecretRule inner = rule;
    inner.begin = rule.plain;
    if (!plain.starts_with(inner.begin)) {
        return nothing;
    }
    const SecretSpan span = look_at_token(plain, 0, inner, false);
    if (span.end == 0) {
        return nothing;
    }
    const std::size_t characters = (span.end * 8 - rule.skipped + 5) / 6;
    return {at, std::min(at + characters, end), Bytes::base64};
}

SecretSpan look_at_key(std::string_view text, std::size_t at, bool more) {
    constexpr std::string_view dashes = "-----";
    constexpr std::size_t longest_label = 48;
    if (at < dashes.size() || text.substr(at - dashes.size(), dashes.size()) != dashes) {
        return nothing;
    }
    const std::size_t label_end = text.find(dashes, at);
    if (label_end == std::string_view::npos || label_end - at > longest_label) {
        return more && text.size() - at <= longest_label ? undecided : nothing;
    }
    if (text.substr(at, label_end - at).find("PRIVATE KEY") == std::string_view::npos) {
        return nothing;
    }
    const std::size_t begin = label_end + dashes.size();
    const std::size_t end = end_of(Bytes::key_block, text, begin);
    return end == text.size() && more ? undecided : SecretSpan{begin, end, Bytes::key_block};
}

SecretSpan look_at_key64(std::string_view text, std::size_t at, bool more) {
    constexpr std::size_t label = 80;
    const std::size_t end = end_of(Bytes::base64, text, at);
    if (end == text.size() && more) {
        return undecided;
    }
    const std::string_view coded = text.substr(at, std::min(end - at, label));
    for (unsigned skipped = 0; skipped < 8; skipped += 2) {
        if (decoded(coded, skipped).find("PRIVATE KEY") != std::string::npos) {
            return {at, end, Bytes::base64};
        }
    }
    return nothing;
}

SecretSpan look_at_jwt(std::string_view text, std::size_t at, bool more) {
    if (!starts_word(text, at)) {
        return nothing;
    }
    std::size_t end = at;
    int dots = 0;
    while (end < text.size() && (belongs(Bytes::token, text[end]) || text[end] == '.')) {
        dots += text[end] == '.' ? 1 : 0;
        ++end;
    }
    if (end == text.size() && more) {
        return undecided;
    }
    const std::size_t dot = text.find('.', at);
    const bool fits = dots >= 2 && dot - at >= 16 && text.substr(dot + 1).starts_with("eyJ");
    return fits ? SecretSpan{at, end, Bytes::token} : nothing;
}

SecretSpan look_at_url(std::string_view text, std::size_t at, bool more) {
    constexpr std::size_t longest = 600;
    constexpr std::size_t least_alone = 20;  // a login without a colon: a token, not a name
    const std::size_t begin = at + 4;
    std::size_t end = begin;
    std::size_t colon = 0;
    std::size_t sign = 0;
    for (; end < text.size() && end - begin < longest; ++end) {
        const char c = text[end];
        if (static_cast<unsigned char>(c) <= ' ' || one_of(c, "\"'<>/?#\\`,")) {
            break;
        }
        colon = c == ':' && colon == 0 ? end : colon;
        sign = c == '@' ? end : sign;
    }
    if (end == text.size() && more) {
        return undecided;
    }
    if (sign == 0) {
        return nothing;
    }
    if (colon != 0 && colon < sign) {
        return colon + 1 < sign ? SecretSpan{colon + 1, sign, Bytes::none} : nothing;
    }
    return sign - begin >= least_alone ? SecretSpan{begin, sign, Bytes::none} : nothing;
}

SecretSpan look_at_bearer(std::string_view text, std::size_t at, bool more) {
    constexpr std::string_view word = "bearer";
    if (text.size() - at <= word.size()) {
        return more ? undecided : nothing;
    }
    if (!says(text, at, word) || !one_of(text[at + word.size()], " \t")) {
        return nothing;
    }
    const std::size_t begin = skip_blanks(text, at + word.size());
    std::size_t end = begin;
    while (end < text.size() && (belongs(Bytes::base64, text[end]) || one_of(text[end], ".~"))) {
        ++end;
    }
    if (end == text.size() && more) {
        return undecided;
    }
    const std::string_view token = text.substr(begin, end - begin);
    const bool fits = token.size() >= 24 || (token.size() >= 8 && has_digit(token));
    return fits ? SecretSpan{begin, end, Bytes::word} : nothing;
}

SecretSpan look_at_basic(std::string_view text, std::size_t at, bool more) {
    constexpr std::string_view word = "basic";
    if (text.size() - at <= word.size()) {
        return more ? undecided : nothing;
    }
    if (!says(text, at, word) || !one_of(text[at + word.size()], " \t")) {
        return nothing;
    }
    const std::size_t begin = skip_blanks(text, at + word.size());
    const std::size_t end = end_of(Bytes::base64, text, begin);
    if (end == text.size() && more) {
        return undecided;
    }
    const std::string login = decoded(text.substr(begin, end - begin), 0);
    const bool printable = std::all_of(login.begin(), login.end(), [](unsigned char c) { return c >= ' '; });
    return printable && login.find(':') != std::string::npos ? SecretSpan{begin, end, Bytes::base64} : nothing;
}

}  // namespace memrb::base
