#include "base/secrets.h"

#include "base/secret_shapes.h"
#include "base/secret_table.h"

#include <algorithm>

namespace memrb::base {

namespace {

constexpr std::size_t least_value = 4;
constexpr std::size_t behind = 64;  ///< how far a shape looks back
constexpr std::size_t longest_label = 48;
constexpr std::size_t four = 4;             ///< bytes by which a rule is recognised
constexpr std::size_t longest_wait = 8192;  ///< for an undecided secret, then it is taken as it is

void blot(char* text, const SecretSpan& span) {
    for (std::size_t i = span.begin; i < span.end; ++i) {
        text[i] = text[i] == '\n' && span.kind == SecretBytes::key_block ? '\n' : '*';
    }
}

struct Scanned {
    std::size_t decided = 0;
    std::size_t masked = 0;
    SecretBytes going_on = SecretBytes::none;
};

Scanned scan(const SecretTable& table, std::string& text, std::size_t from, bool final) {
    Scanned result;
    std::size_t at = from;
    while ((at = table.next(text, at)) + four <= text.size()) {
        const bool more = !final && text.size() - at < longest_wait;
        const SecretSpan span = table.look(text, at, more);
        if (span.undecided) {
            result.decided = at;
            return result;
        }
        if (span.end <= at) {
            ++at;
            continue;
        }
        ++result.masked;
        blot(text.data(), span);
        at = span.end;
        if (span.end == text.size()) {
            result.going_on = span.kind;
        }
    }
    result.decided = final ? text.size() : std::max(at, from);
    return result;
}

std::string percent_encoded(std::string_view value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_word_byte(c) || c == '-' || c == '.' || c == '~') {
            text += c;
        } else {
            text += '%';
            text += digits[byte >> 4U];
            text += digits[byte & 0xFU];
        }
    }
    return text;
}

std::string json_escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        switch (c) {
            case '"': text += "\\\""; break;
            case '\\': text += "\\\\"; break;
            case '\n': text += "\\n"; break;
            case '\t': text += "\\t"; break;
            case '\r': text += "\\r"; break;
            default: text += c;
        }
    }
    return text;
}

}  // namespace

Secrets::Secrets() : table_(std::make_unique<SecretTable>()) {}
Secrets::~Secrets() = default;
Secrets::Secrets(Secrets&& other) noexcept = default;
Secrets& Secrets::operator=(Secrets&& other) noexcept = default;

void Secrets::add(std::string_view value) {
    if (value.size() < least_value) {
        return;
    }
    std::vector<std::string> forms{std::string(value), percent_encoded(value), json_escaped(value)};
    for (unsigned shift = 0; shift < 3; ++shift) {
        forms.push_back(inside_base64(value, shift));
    }
    for (std::size_t i = 3; i < 6; ++i) {  // the alphabet of URLs and JSON Web Tokens
        std::string other = forms[i];
        std::replace(other.begin(), other.end(), '+', '-');
        std::replace(other.begin(), other.end(), '/', '_');
        forms.push_back(std::move(other));
    }
    std::sort(forms.begin(), forms.end());
    forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
    for (auto& form : forms) {
        if (form.size() >= least_value) {
            table_->add({.shape = SecretShape::literal, .begin = std::move(form)});
        }
    }
}

std::size_t Secrets::mask(std::string& text) const {
    return scan(*table_, text, 0, true).masked;
}

std::size_t Secrets::mask_part(std::string& text, bool cut_before, bool cut_after) const {
    std::size_t masked = 0;
    std::size_t from = 0;
    if (cut_before) {
        // The rest of a private key, or of half a word.
        const std::size_t end = text.find("-----END");
        const bool key = end != std::string::npos && text.find("-----BEGIN") > end &&
                         std::string_view(text).substr(end, longest_label).find("PRIVATE KEY") != std::string::npos;
        const SecretBytes kind = key ? SecretBytes::key_block : SecretBytes::word;
        from = key ? end : end_of(kind, text, 0);
        blot(text.data(), {0, from, kind});
        masked += from != 0 ? 1 : 0;
    }
    const Scanned scanned = scan(*table_, text, from, !cut_after);
    masked += scanned.masked;
    if (text.size() - scanned.decided >= four) {  // it may be the beginning of one
        blot(text.data(), {scanned.decided, text.size()});
        ++masked;
    }
    return masked;
}

std::size_t Secrets::mask_value(std::string_view name, std::string& value) const {
    if (value.empty() || !names_secret(name)) {
        return mask(value);
    }
    std::fill(value.begin(), value.end(), '*');
    return 1;
}

std::string_view SecretFilter::feed(std::string_view bytes) {
    forget();
    buffer_ += bytes;
    return decide(false);
}

std::string_view SecretFilter::finish() {
    forget();
    return decide(true);
}

void SecretFilter::forget() {
    if (given_ > behind) {
        buffer_.erase(0, given_ - behind);
        given_ = behind;
    }
}

std::string_view SecretFilter::decide(bool final) {
    const std::size_t begin = given_;
    std::size_t from = begin;
    if (going_on_ != SecretBytes::none) {
        // A key ends with a mark that may be cut in two.
        constexpr std::size_t mark = 8;
        const std::size_t end = end_of(going_on_, buffer_, from);
        const bool open = end == buffer_.size() && !final;
        const std::size_t kept = open && going_on_ == SecretBytes::key_block ? std::min(mark, end - from) : 0;
        blot(buffer_.data(), {from, end - kept, going_on_});
        from = end - kept;
        if (open) {
            given_ = from;
            return std::string_view(buffer_).substr(begin, from - begin);
        }
        going_on_ = SecretBytes::none;
    }
    const Scanned scanned = scan(secrets_->table(), buffer_, from, final);
    masked_ += scanned.masked;
    going_on_ = scanned.going_on;
    given_ = scanned.decided;
    return std::string_view(buffer_).substr(begin, given_ - begin);
}

}  // namespace memrb::base
