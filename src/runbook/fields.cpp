#include "runbook/fields.h"

#include "base/number.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>

namespace memrb::runbook {

namespace {

std::vector<std::string> names_of(const Object& object) {
    std::vector<std::string> names;
    for (const auto& key : object.keys) {
        names.emplace_back(key.name);
    }
    return names;
}

std::string known_here(const std::vector<std::string>& names) {
    return fmt::format("known here: {}", base::join(names, ", "));
}

}  // namespace

Fields::Fields(const Node& node, const Object& object, Reporter& report, KeyNames meant)
    : node_(node), object_(object), report_(report) {
    if (node.kind != Node::Kind::map) {
        report.error(node, fmt::format("{} must be a map, not {}", object.what, describe(node.kind)),
                     known_here(names_of(object)));
        return;
    }
    check_keys(std::move(meant));
}

void Fields::check_keys(KeyNames meant) {
    const auto names = names_of(object_);
    for (const auto& [key, value] : node_.entries) {
        if (find_key(key->text) == nullptr) {
            const auto near = report_.closest(key->text, names);
            meant.insert(near.value_or(""));
            // `{help: one, two}` has a key `two`: most likely it was meant as text.
            const bool cut_off = !near && value->kind == Node::Kind::null;
            report_.error(*key, fmt::format("unknown key {}{}", quoted(key->text), report_.suggest(key->text, names)),
                          cut_off ? "if it belongs to the text before it, put that in quotes: a comma ends it"
                                  : known_here(names));
        } else if (value->kind == Node::Kind::null) {
            report_.error(*key, fmt::format("{} has no value", quoted(key->text)),
                          std::string(find_key(key->text)->help));
        }
    }
    for (const auto& key : object_.keys) {
        if (node_.incomplete) {
            break;  // what is missing may be in the entry that was left out
        }
        const bool given = std::any_of(node_.entries.begin(), node_.entries.end(),
                                       [&](const Entry& entry) { return entry.key->text == key.name; });
        if (key.required && !given && meant.count(key.name) == 0) {
            report_.error(node_, fmt::format("{} needs `{}`", object_.what, key.name),
                          fmt::format("{}: {}", key.name, key.help));
        }
    }
}

const Key* Fields::find_key(std::string_view name) const {
    const auto found =
        std::find_if(object_.keys.begin(), object_.keys.end(), [&](const Key& key) { return key.name == name; });
    return found == object_.keys.end() ? nullptr : &*found;
}

const Node* Fields::get(std::string_view key) const {
    for (const auto& entry : node_.entries) {
        if (entry.key->text == key) {
            return entry.value->kind == Node::Kind::null ? nullptr : entry.value;
        }
    }
    return nullptr;
}

const Node* Fields::scalar(std::string_view key) const {
    const Node* node = get(key);
    if (node == nullptr || !read_text(*node, fmt::format("`{}`", key), report_)) {
        return nullptr;
    }
    return node;
}

std::string Fields::text(std::string_view key) const {
    const Node* node = scalar(key);
    if (node == nullptr) {
        return {};
    }
    if (base::trim(node->text).empty()) {
        report_.error(*node, fmt::format("`{}` is empty", key), std::string(find_key(key)->help));
    }
    return node->text;
}

std::string Fields::id(std::string_view key) const {
    const Node* node = scalar(key);
    return node != nullptr && check_id(*node, report_) ? node->text : std::string{};
}

std::string Fields::choice(std::string_view key) const {
    const Node* node = scalar(key);
    return node == nullptr ? std::string{}
                           : read_choice(*node, key, find_key(key)->choices, report_).value_or(std::string{});
}

bool Fields::boolean(std::string_view key) const {
    const Node* node = scalar(key);
    if (node != nullptr && node->text != "true" && node->text != "false") {
        report_.error(*node, fmt::format("`{}` must be true or false, not {}", key, quoted(node->text)));
    }
    return node != nullptr && node->text == "true";
}

std::optional<int> Fields::integer(std::string_view key, int least, int most) const {
    const Node* node = scalar(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    std::string_view digits = node->text;
    if (digits.starts_with('+')) {
        digits.remove_prefix(1);
    }
    const auto value = base::number<int>(digits);
    if (!value || *value < least || *value > most) {
        report_.error(*node, fmt::format("`{}` must be a whole number from {} to {}, not {}", key, least, most,
                                         quoted(node->text)));
        return std::nullopt;
    }
    return value;
}

std::optional<double> Fields::percent(std::string_view key) const {
    const Node* node = scalar(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    std::string_view digits = node->text;
    const bool marked = digits.ends_with('%');
    digits = base::trim(digits.substr(0, digits.size() - (marked ? 1 : 0)));
    double value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
    const bool number = error == std::errc{} && end == digits.data() + digits.size();
    if (!marked || !number) {
        report_.error(
            *node, fmt::format("{} is no percentage", quoted(node->text)),
            number ? fmt::format("write `{}%` if that is meant", value <= 1 ? value * 100 : value) : "for example 80%");
        return std::nullopt;
    }
    if (!(value > 0) || value > 100) {
        report_.error(*node, fmt::format("{} is out of range", quoted(node->text)),
                      "a percentage here is above 0% and at most 100%");
        return std::nullopt;
    }
    return value / 100;
}

std::optional<Milliseconds> Fields::duration(std::string_view key, Milliseconds least, Milliseconds most) const {
    const Node* node = scalar(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto span = parse_duration(node->text);
    if (!span) {
        report_.error(*node, span.error().message, span.error().hint);
        return std::nullopt;
    }
    if (*span < least || *span > most) {
        report_.error(*node, fmt::format("`{}` of {} is out of range", key, quoted(node->text)),
                      fmt::format("from {} to {}", format_exact_duration(least), format_exact_duration(most)));
        return std::nullopt;
    }
    return *span;
}

std::vector<std::string> Fields::texts(std::string_view key) const {
    std::vector<std::string> all;
    for (const Node* item : items(key)) {
        if (auto text = read_text(*item, fmt::format("an item of `{}`", key), report_)) {
            all.push_back(std::move(*text));
        }
    }
    return all;
}

std::vector<const Node*> Fields::items(std::string_view key) const {
    const Node* node = get(key);
    if (node == nullptr) {
        return {};
    }
    if (node->kind != Node::Kind::list) {
        report_.error(*node, fmt::format("`{}` must be a list, not {}", key, describe(node->kind)),
                      "begin each item with `- ` on a line of its own, or write [a, b]");
        return {};
    }
    if (node->items.empty()) {
        report_.error(*node, fmt::format("`{}` is empty", key),
                      find_key(key)->required ? "give at least one item" : "remove the key, or give at least one item");
    }
    return node->items;
}

std::vector<Entry> Fields::entries(std::string_view key) const {
    const Node* node = get(key);
    if (node == nullptr) {
        return {};
    }
    if (node->kind != Node::Kind::map) {
        report_.error(*node, fmt::format("`{}` must be a map, not {}", key, describe(node->kind)),
                      "write `name: value` lines below it");
        return {};
    }
    if (node->entries.empty()) {
        report_.error(*node, fmt::format("`{}` is empty", key), "remove the key, or give at least one entry");
    }
    return node->entries;
}

std::optional<std::string> read_choice(const Node& scalar, std::string_view what,
                                       std::span<const std::string_view> known, Reporter& report) {
    if (std::find(known.begin(), known.end(), scalar.text) != known.end()) {
        return scalar.text;
    }
    const std::vector<std::string> words(known.begin(), known.end());
    report.error(scalar, fmt::format("unknown {} {}{}", what, quoted(scalar.text), report.suggest(scalar.text, words)),
                 fmt::format("one of: {}", base::join(words, ", ")));
    return std::nullopt;
}

std::optional<std::string> read_text(const Node& node, std::string_view what, Reporter& report) {
    if (node.kind == Node::Kind::scalar) {
        return node.text;
    }
    report.error(node, fmt::format("{} must be text, not {}", what, describe(node.kind)),
                 node.kind == Node::Kind::map ? "put the text in quotes if it contains `: ` or begins with `{`" : "");
    return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> read_values(const std::vector<Entry>& entries, Reporter& report) {
    std::vector<std::pair<std::string, std::string>> values;
    for (const auto& [key, value] : entries) {
        const bool named = check_variable_name(*key, report);
        auto text = read_text(*value, quoted(key->text), report);
        if (named && text) {
            values.emplace_back(key->text, std::move(*text));
        }
    }
    return values;
}

bool check_id(const Node& scalar, Reporter& report) {
    if (is_id(scalar.text)) {
        return true;
    }
    report.error(scalar, fmt::format("{} is no id", quoted(scalar.text)),
                 "a small letter, then small letters, digits, `_` and `-`");
    return false;
}

bool check_variable_name(const Node& scalar, Reporter& report) {
    if (is_variable(scalar.text)) {
        return true;
    }
    report.error(scalar, fmt::format("{} is no name for a variable", quoted(scalar.text)),
                 "a small letter, then small letters, digits and `_`");
    return false;
}

}  // namespace memrb::runbook
