#include "wire/fields.h"

#include "base/text.h"

#include <fmt/core.h>

namespace memrb::wire {

namespace {

constexpr std::int64_t longest_ms = 315'360'000'000;  // ten years, the longest that parse_duration reads

std::string_view kind_of(const Json& json) {
    switch (json.type()) {
        case Json::value_t::null: return "null";
        case Json::value_t::object: return "an object";
        case Json::value_t::array: return "an array";
        case Json::value_t::string: return "a string";
        case Json::value_t::boolean: return "true or false";
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
        case Json::value_t::number_float: return "a number";
        default: return "something else";
    }
}

std::string wanted(std::string_view what, const Json& got) {
    return fmt::format("must be {}, not {}", what, kind_of(got));
}

// A value from a hostile file is shown, but not all of it.
std::string shown(const std::string& text) {
    constexpr std::size_t longest = 40;
    return base::printable(base::fit(text.substr(0, 4 * longest), longest));
}

std::optional<std::uint64_t> as_count(const Json& json) {
    if (json.is_number_unsigned()) {
        return json.get<std::uint64_t>();
    }
    if (json.is_number_integer() && json.get<std::int64_t>() >= 0) {
        return static_cast<std::uint64_t>(json.get<std::int64_t>());
    }
    return std::nullopt;
}

}  // namespace

void Problem::note(const std::string& path, std::string_view what) {
    if (!first_) {
        first_ = Error{Fault::failed, fmt::format("`{}` {}", base::printable(path), what), ""};
    }
}

Fields::Fields(const Json& json, std::string path, Problem& problem)
    : json_(&json), path_(std::move(path)), problem_(&problem) {
    if (!json.is_object()) {
        problem_->note(path_, wanted("an object", json));
    }
}

std::string Fields::path_of(std::string_view key) const {
    return fmt::format("{}.{}", path_, key);
}

const Json* Fields::find(std::string_view key) const {
    if (!json_->is_object()) {
        return nullptr;
    }
    const auto found = json_->find(key);
    return found == json_->end() || found->is_null() ? nullptr : &*found;
}

const Json* Fields::need(std::string_view key) const {
    const Json* member = find(key);
    if (member == nullptr) {
        note(key, "is missing");
    }
    return member;
}

std::string Fields::text(std::string_view key) const {
    return need(key) == nullptr ? std::string{} : opt_text(key);
}

std::string Fields::opt_text(std::string_view key) const {
    const Json* member = find(key);
    if (member == nullptr) {
        return {};
    }
    if (!member->is_string()) {
        note(key, wanted("a string", *member));
        return {};
    }
    return member->get<std::string>();
}

bool Fields::flag(std::string_view key, bool fallback) const {
    const Json* member = find(key);
    if (member == nullptr) {
        return fallback;
    }
    if (!member->is_boolean()) {
        note(key, wanted("true or false", *member));
        return fallback;
    }
    return member->get<bool>();
}

std::optional<std::uint64_t> Fields::opt_count(std::string_view key) const {
    const Json* member = find(key);
    if (member == nullptr) {
        return std::nullopt;
    }
    const auto value = as_count(*member);
    if (!value) {
        note(key, member->is_number() ? std::string("must be a whole number, 0 or more")
                                      : wanted("a whole number, 0 or more", *member));
    }
    return value;
}

std::uint64_t Fields::count(std::string_view key) const {
    return need(key) == nullptr ? 0 : opt_count(key).value_or(0);  // 0 only beside a noted problem
}

std::optional<int> Fields::opt_integer(std::string_view key, int least) const {
    const Json* member = find(key);
    if (member == nullptr) {
        return std::nullopt;
    }
    if (!member->is_number_integer()) {
        note(key, wanted("a whole number", *member));
        return std::nullopt;
    }
    const auto count = as_count(*member);
    const bool too_large = count && *count > static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    if (too_large || (!count && member->get<std::int64_t>() < least) || (count && static_cast<int>(*count) < least)) {
        note(key, "is out of range");
        return std::nullopt;
    }
    return member->get<int>();
}

int Fields::integer(std::string_view key, int least) const {
    return need(key) == nullptr ? 0 : opt_integer(key, least).value_or(0);  // 0 only beside a noted problem
}

std::optional<double> Fields::opt_number(std::string_view key) const {
    const Json* member = find(key);
    if (member == nullptr) {
        return std::nullopt;
    }
    if (!member->is_number()) {
        note(key, wanted("a number", *member));
        return std::nullopt;
    }
    return member->get<double>();
}

double Fields::number(std::string_view key) const {
    return need(key) == nullptr ? 0 : opt_number(key).value_or(0);  // 0 only beside a noted problem
}

std::optional<Timestamp> Fields::opt_time(std::string_view key) const {
    if (find(key) == nullptr) {
        return std::nullopt;
    }
    const std::string words = opt_text(key);
    const auto at = parse_rfc3339(words);
    if (!at) {
        note(key, fmt::format("must be an RFC 3339 time, not `{}`", shown(words)));
        return std::nullopt;
    }
    return *at;
}

Timestamp Fields::time(std::string_view key) const {
    return need(key) == nullptr ? Timestamp{} : opt_time(key).value_or(Timestamp{});
}

Milliseconds Fields::milliseconds(std::string_view key) const {
    const std::uint64_t value = count(key);
    if (value > static_cast<std::uint64_t>(longest_ms)) {
        note(key, "is out of range");
        return {};
    }
    return Milliseconds(static_cast<std::int64_t>(value));
}

Milliseconds Fields::seconds(std::string_view key) const {
    const double value = number(key) * 1000.0;
    if (!(value >= 0 && value <= static_cast<double>(longest_ms))) {
        note(key, "is out of range");
        return {};
    }
    return Milliseconds(static_cast<std::int64_t>(std::llround(value)));
}

std::vector<const Json*> Fields::elements(std::string_view key) const {
    std::vector<const Json*> all;
    const Json* member = find(key);
    if (member == nullptr) {
        return all;
    }
    if (!member->is_array()) {
        note(key, wanted("an array", *member));
        return all;
    }
    for (const auto& element : *member) {
        all.push_back(&element);
    }
    return all;
}

std::vector<Fields> Fields::objects(std::string_view key) const {
    std::vector<Fields> all;
    for (const Json* element : elements(key)) {
        all.emplace_back(*element, fmt::format("{}[{}]", path_of(key), all.size()), *problem_);
    }
    return all;
}

Fields Fields::object(std::string_view key) const {
    static const Json none = Json::object();
    const Json* member = need(key);
    return {member == nullptr ? none : *member, path_of(key), *problem_};
}

std::vector<std::string> Fields::texts(std::string_view key) const {
    std::vector<std::string> all;
    for (const Json* element : elements(key)) {
        if (!element->is_string()) {
            note(fmt::format("{}[{}]", key, all.size()), wanted("a string", *element));
            return {};
        }
        all.push_back(element->get<std::string>());
    }
    return all;
}

Pairs Fields::pairs(std::string_view key) const {
    Pairs all;
    for (const Json* element : elements(key)) {
        if (!element->is_array() || element->size() != 2 || !(*element)[0].is_string() || !(*element)[1].is_string()) {
            note(fmt::format("{}[{}]", key, all.size()), "must be a name and a value, both strings");
            return {};
        }
        all.emplace_back((*element)[0].get<std::string>(), (*element)[1].get<std::string>());
    }
    return all;
}

std::map<std::string, std::string> Fields::map(std::string_view key) const {
    std::map<std::string, std::string> all;
    if (find(key) == nullptr) {
        return all;
    }
    const Fields members = object(key);
    if (!members.json().is_object()) {
        return all;
    }
    for (const auto& [name, value] : members.json().items()) {
        if (!value.is_string()) {
            members.note(name, wanted("a string", value));
            return {};
        }
        all.insert_or_assign(name, value.get<std::string>());
    }
    return all;
}

void Fields::note_unknown_word(const std::string& path, const std::string& text) const {
    problem_->note(path, fmt::format("has the unknown word `{}`", shown(text)));
}

Json text_json(std::string_view text) {
    return base::is_utf8(text) ? Json(text) : Json(base::to_utf8(text));
}

Json texts_json(const std::vector<std::string>& texts) {
    Json all = Json::array();
    for (const auto& text : texts) {
        all.push_back(text_json(text));
    }
    return all;
}

Json pairs_json(const Pairs& pairs) {
    Json all = Json::array();
    for (const auto& [name, value] : pairs) {
        all.push_back(Json::array({text_json(name), text_json(value)}));
    }
    return all;
}

Json map_json(const std::map<std::string, std::string>& map) {
    Json all = Json::object();
    for (const auto& [name, value] : map) {
        all[base::to_utf8(name)] = text_json(value);
    }
    return all;
}

Json whole_json(const std::optional<double>& value) {
    constexpr double most = 9.2e18;
    if (!value || !(std::abs(*value) <= most)) {
        return nullptr;
    }
    return static_cast<std::int64_t>(std::llround(*value));
}

Json number_json(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

}  // namespace memrb::wire
