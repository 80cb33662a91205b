#include "actions/json_get.h"

#include <limits>

namespace memrb::actions {

namespace {

constexpr int deepest = 64;  // the deepest answer of a known tool nests 10 levels

// The parser keeps one node for each level; a body of brackets only would cost a hundred times its size.
bool nests_too_deep(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            i += c == '\\' ? 1 : 0;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest) {
                return true;
            }
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

}  // namespace

std::optional<Json> read_json(std::string_view text) {
    if (nests_too_deep(text)) {
        return std::nullopt;
    }
    Json document = Json::parse(text, nullptr, false);
    return document.is_discarded() ? std::nullopt : std::optional(std::move(document));
}

const Json* member(const Json& object, std::string_view key) {
    if (!object.is_object()) {
        return nullptr;
    }
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::optional<std::string> get_text(const Json& object, std::string_view key) {
    const Json* value = member(object, key);
    return value != nullptr && value->is_string() ? std::optional(value->get_ref<const std::string&>()) : std::nullopt;
}

std::optional<bool> get_flag(const Json& object, std::string_view key) {
    const Json* value = member(object, key);
    return value != nullptr && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
}

std::optional<std::uint64_t> get_count(const Json& object, std::string_view key) {
    const Json* value = member(object, key);
    return value != nullptr && value->is_number_unsigned() ? std::optional(value->get<std::uint64_t>()) : std::nullopt;
}

std::optional<int> get_small(const Json& object, std::string_view key) {
    const Json* value = member(object, key);
    if (value == nullptr || !value->is_number_integer() ||
        (value->is_number_unsigned() && value->get<std::uint64_t>() > std::numeric_limits<int>::max())) {
        return std::nullopt;
    }
    const auto number = value->get<std::int64_t>();
    return number < std::numeric_limits<int>::min() ? std::nullopt : std::optional(static_cast<int>(number));
}

std::optional<Timestamp> get_time(const Json& object, std::string_view key) {
    const auto text = get_text(object, key);
    if (!text || text->starts_with("0001-")) {
        return std::nullopt;
    }
    const auto at = parse_rfc3339(*text);
    return at ? std::optional(*at) : std::nullopt;
}

}  // namespace memrb::actions
