#include "engine/plain_condition.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace memrb::engine {

namespace {

using Json = nlohmann::json;

bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool in_name(char c) {
    return begins_name(c) || (c >= '0' && c <= '9');
}

class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end() {
        skip_blanks();
        return rest_.empty();
    }

    bool take(std::string_view sign) {
        skip_blanks();
        if (!rest_.starts_with(sign)) {
            return false;
        }
        rest_.remove_prefix(sign.size());
        return true;
    }

    bool take_word(std::string_view word) {
        skip_blanks();
        if (!rest_.starts_with(word) || (rest_.size() > word.size() && in_name(rest_[word.size()]))) {
            return false;
        }
        rest_.remove_prefix(word.size());
        return true;
    }

    /// `.a.b`; empty if there is none.
    std::vector<std::string> path() {
        skip_blanks();
        std::vector<std::string> names;
        while (rest_.size() > 1 && rest_[0] == '.' && begins_name(rest_[1])) {
            const auto end = std::find_if_not(rest_.begin() + 1, rest_.end(), in_name);
            names.emplace_back(rest_.begin() + 1, end);
            rest_.remove_prefix(names.back().size() + 1);
        }
        return names;
    }

    /// As JSON text; empty if there is none, or one that jq would read in another way than JSON.
    std::string literal() {
        for (const std::string_view word : {"null", "true", "false"}) {
            if (take_word(word)) {
                return std::string(word);
            }
        }
        skip_blanks();
        if (!rest_.starts_with('"')) {
            return {};
        }
        const auto end = rest_.find_first_of("\"\\\n\t\r", 1);
        if (end == std::string_view::npos || rest_[end] != '"') {
            return {};
        }
        std::string text(rest_.substr(0, end + 1));
        rest_.remove_prefix(end + 1);
        return text;
    }

private:
    void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }

    std::string_view rest_;
};

// As jq: a member of null is null, a member of anything but an object is an error.
const Json* find(const Json& facts, const std::vector<std::string>& path) {
    static const Json null;
    const Json* at = &facts;
    for (const auto& name : path) {
        if (at->is_null()) {
            return &null;
        }
        if (!at->is_object()) {
            return nullptr;
        }
        const auto member = at->find(name);
        at = member == at->end() ? &null : &*member;
    }
    return at;
}

}  // namespace

std::optional<PlainCondition> PlainCondition::parse(std::string_view text) {
    PlainCondition condition;
    Scanner scan(text);
    do {
        Comparison comparison;
        comparison.path = scan.path();
        comparison.equal = scan.take("==");
        if (comparison.path.empty() || (!comparison.equal && !scan.take("!="))) {
            return std::nullopt;
        }
        comparison.literal = scan.literal();
        if (!Json::accept(comparison.literal)) {
            return std::nullopt;
        }
        condition.all_.push_back(std::move(comparison));
    } while (scan.take_word("and"));
    return scan.at_end() ? std::optional(std::move(condition)) : std::nullopt;
}

bool PlainCondition::ruled_out(std::string_view root, std::string_view facts) const {
    PlainCondition part;
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(part.all_),
                 [&](const Comparison& comparison) { return comparison.path.front() == root; });
    return part.test(facts) == false;
}

std::optional<bool> PlainCondition::test(std::string_view facts) const {
    const Json json = Json::parse(facts, nullptr, false);
    if (json.is_discarded()) {
        return std::nullopt;
    }
    for (const auto& comparison : all_) {
        const Json* value = find(json, comparison.path);
        if (value == nullptr) {
            return std::nullopt;
        }
        if ((*value == Json::parse(comparison.literal)) != comparison.equal) {
            return false;  // the rest is not looked at, so that its errors do not matter
        }
    }
    return true;
}

}  // namespace memrb::engine
