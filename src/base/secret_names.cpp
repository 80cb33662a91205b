#include "base/secret_shapes.h"
#include "base/secrets.h"

#include <algorithm>
#include <array>

namespace memrb::base {

namespace {

using Bytes = SecretBytes;

constexpr SecretSpan nothing{};
constexpr SecretSpan undecided{0, 0, Bytes::none, true};
constexpr std::size_t longest_name = 60;
constexpr std::size_t longest_gap = 64;  ///< blanks between a name and its value

enum class Words { none, password, token, header };

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_byte(char c) {
    return is_word_byte(c) || c == '-' || c == '.';
}

std::string lower(std::string_view text) {
    std::string copy(text);
    std::transform(copy.begin(), copy.end(), copy.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return copy;
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return name.ends_with(end); });
}

// `PGPASSWORD`, `db.password2`, `X-Api-Key`; not `password_file`, `tokens`, `secretName`.
Words words_of(std::string_view written) {
    std::string name = lower(written);
    while (!name.empty() && (is_digit(name.back()) || (name.back() == '_' && is_digit(written.back())))) {
        name.pop_back();
    }
    const auto bare = name.find_first_not_of("-._");
    const std::string_view whole = bare == std::string::npos ? std::string_view() : std::string_view(name).substr(bare);
    if (whole == "pass" || whole == "pwd" || whole == "auth" ||
        ends_with_any(name, {"password", "passwd", "passphrase", "passcode", "_pass", "-pass", "dbpass", "userpass",
                             "_pwd", "secret", "_auth", "passwort"})) {
        return whole == "auth" || name.ends_with("_auth") ? Words::token : Words::password;
    }
    if (ends_with_any(name, {"authorization", "cookie"})) {
        return Words::header;
    }
    if (ends_with_any(name, {"page_token", "pagetoken", "synctoken"})) {
        return Words::none;
    }
    const bool key = ends_with_any(name, {"apikey", "accesskey", "secretkey", "privatekey", "accountkey", "masterkey",
                                          "signingkey", "encryptionkey", "sharedkey"});
    std::replace(name.begin(), name.end(), '-', '_');
    const bool parted = ends_with_any(name, {"api_key", "access_key", "secret_key", "private_key", "account_key",
                                             "auth_key", "encryption_key", "signing_key", "master_key", "shared_key",
                                             "license_key", "deploy_key", "service_key", "app_key", "ssh_key"});
    return key || parted || ends_with_any(name, {"token", "credential", "credentials"}) ? Words::token : Words::none;
}

bool is_placeholder(std::string_view value) {
    constexpr std::array<std::string_view, 14> words{"true", "false",    "null",     "none",  "nil",
                                                     "yes",  "no",       "unset",    "empty", "undefined",
                                                     "set",  "required", "optional", "(none)"};
    const std::string text = lower(value);
    if (std::find(words.begin(), words.end(), text) != words.end()) {
        return true;
    }
    if (value.starts_with("${") || value.starts_with("$(") || value.starts_with("{{") || value.starts_with("<") ||
        value.starts_with("[") || value.starts_with("{") || value.find_first_not_of("*x.") == std::string_view::npos) {
        return true;
    }
    const bool path =
        value.starts_with("/") && (value.find('/', 1) != std::string_view::npos ||
                                   value.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ+=") == std::string_view::npos);
    const bool variable = value.starts_with("$") && std::all_of(value.begin() + 1, value.end(), is_word_byte);
    return path || variable || value.starts_with("./") || value.starts_with("~/");
}

bool is_secret(Words words, std::string_view value) {
    if (value.empty() || is_placeholder(value)) {
        return false;
    }
    if (words != Words::token) {
        return true;
    }
    const bool digit = std::any_of(value.begin(), value.end(), is_digit);
    return value.size() >= 24 || (value.size() >= 8 && digit);
}

/// Goes over the text behind a name.
class Reader {
public:
    Reader(std::string_view text, std::size_t at) : text_(text), at_(at) {}

    [[nodiscard]] bool ended() const { return at_ >= text_.size(); }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] char now() const { return ended() ? '\0' : text_[at_]; }
    bool take(std::string_view word) {
        if (!text_.substr(std::min(at_, text_.size())).starts_with(word)) {
            return false;
        }
        at_ += word.size();
        return true;
    }
    bool take_quote() { return take("\\\"") || take("\"") || take("'"); }
    void skip(std::string_view set) {
        for (std::size_t count = 0; !ended() && count < longest_gap && set.find(now()) != std::string_view::npos;
             ++count) {
            ++at_;
        }
    }

private:
    std::string_view text_;
    std::size_t at_;
};

// From the end of a flag to the argument behind it: `", "` of a JSON list, a NUL byte of `/proc/PID/cmdline`, a new
// line, a new line with `- `. In the last two the value is `alone`: it fills its line, or it is none (an option's
// help).
bool reach_argument(Reader& reader, bool closed, bool& alone) {
    constexpr std::string_view nul("\0", 1);
    if (closed) {
        (void)reader.take(",");
        reader.skip(" \t\r\n");
        return reader.now() == '"' || reader.now() == '\'' || reader.now() == '\\';
    }
    if (reader.take(nul)) {
        return true;
    }
    (void)reader.take("\r");
    if (!reader.take("\n")) {
        return false;
    }
    Reader item = reader;
    item.skip(" \t");
    if (item.take("- ")) {
        reader = item;
    }
    alone = true;
    return !reader.ended() && std::string_view(" \t\r\n-").find(reader.now()) == std::string_view::npos;
}

// From the end of a name to its value: `: `, `=`, `": "`, `", "value": "`, a new line with `value:`, a blank behind a
// flag, or the next argument. False: there is no value.
bool reach_value(Reader& reader, bool flag, bool& json, bool& alone) {
    const bool closed = reader.take_quote();
    const Reader after_name = reader;
    reader.skip(" \t");
    if (reader.take("=") || reader.take(":")) {
        json = closed;
        (void)reader.take("=");
        (void)reader.take(">");
        reader.skip(" \t");
        return true;
    }
    if (flag && reader.at() > after_name.at()) {
        return true;
    }
    reader = after_name;
    if (flag && reach_argument(reader, closed, alone)) {
        return true;
    }
    alone = false;
    reader = after_name;
    (void)reader.take(",");
    reader.skip(" \t\r\n");
    const bool quoted = reader.take_quote();
    if (!reader.take("value") || (quoted && !reader.take_quote())) {
        return false;
    }
    reader.skip(" \t");
    if (!reader.take(":")) {
        return false;
    }
    reader.skip(" \t");
    json = quoted;
    return true;
}

// `Bearer`, `Basic` and the like before what is secret.
std::size_t behind_scheme(std::string_view text, std::size_t begin, std::size_t end) {
    const auto blank = text.find(' ', begin);
    return blank != std::string_view::npos && blank < end && blank - begin <= 10 ? blank + 1 : begin;
}

}  // namespace

std::vector<std::string> name_beginnings() {
    return {"pass", "pwd=", "pwd:", "pwd\"", "pwd'", "pwd ", "secr", "toke", "auth", "cook", "cred",
            "_key", "-key", "ikey", "skey",  "tkey", "ekey", "rkey", "gkey", "nkey", "dkey"};
}

bool names_secret(std::string_view name) {
    return words_of(name) != Words::none;
}

SecretSpan look_at_named(std::string_view text, std::size_t at, bool more) {
    std::size_t begin = at;
    std::size_t end = at;
    while (begin > 0 && at - begin < longest_name && is_name_byte(text[begin - 1])) {
        --begin;
    }
    while (end < text.size() && end - at < longest_name && is_name_byte(text[end])) {
        ++end;
    }
    if (end == text.size() && more) {
        return undecided;
    }
    const std::string_view name = text.substr(begin, end - begin);
    const Words words = words_of(name);
    if (words == Words::none) {
        return nothing;
    }
    Reader reader(text, end);
    bool json = false;
    const bool flag = name.starts_with("--");
    bool alone = false;
    const bool reached = reach_value(reader, flag, json, alone);
    if (more && text.size() - reader.at() < 8 + longest_gap / 8) {
        return undecided;
    }
    if (!reached) {
        return nothing;
    }
    Bytes kind = Bytes::word;
    if (reader.take("\\\"")) {
        kind = Bytes::word;
    } else if (reader.take("\"")) {
        kind = Bytes::double_quoted;
    } else if (reader.take("'")) {
        kind = Bytes::quoted;
    } else if (json) {
        return nothing;  // a number, a list, an object
    } else if (words == Words::header) {
        kind = Bytes::line;
    } else if (begin > 0 && text[begin - 1] == '"' && text[end] == '=') {
        kind = Bytes::double_quoted;  // "NAME=value" in a list
    }
    std::size_t from = reader.at();
    const std::size_t to = end_of(kind, text, from);
    if (to == text.size() && more) {
        return undecided;
    }
    const bool argument = flag && text[end] != '=' && text[end] != ':' && text[end] != ' ' && text[end] != '\t';
    if (argument && from < text.size() &&
        (text[from] == '-' ||
         (alone && to < text.size() && text[to] != '\n' && text[to] != '\r' && kind == Bytes::word))) {
        return nothing;  // another flag, or a sentence
    }
    if (words == Words::header && lower(name).ends_with("authorization")) {
        const std::string scheme = lower(text.substr(from, behind_scheme(text, from, to) - from));
        from = behind_scheme(text, from, to);
        if (scheme == "bearer " || scheme == "basic ") {  // one word; of other schemes all of the line may be secret
            while (from < to && text[from] == ' ') {
                ++from;
            }
            kind = Bytes::word;
            return {from, std::min(to, end_of(kind, text, from)), kind};
        }
    }
    return is_secret(words, text.substr(from, to - from)) ? SecretSpan{from, to, kind} : nothing;
}

}  // namespace memrb::base
