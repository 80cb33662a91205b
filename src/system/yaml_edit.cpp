#include "system/yaml_edit.h"

#include "base/text.h"
#include "system/yaml_tree.h"

#include <fmt/core.h>
#include <algorithm>
#include <iterator>

namespace memrb::system {

namespace {

using Place = FileEdit::Place;
using Kind = YamlNode::Kind;

struct Splice {
    std::size_t begin;
    std::size_t end;
    std::string text;
};

std::size_t line_of(std::string_view text, std::size_t offset) {
    return 1 +
           static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

std::size_t line_begin(std::string_view text, std::size_t offset) {
    const auto before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    return before == std::string_view::npos ? 0 : before + 1;
}

/// The line's end, its line break not included.
std::size_t line_end(std::string_view text, std::size_t offset) {
    const auto end = std::min(text.find('\n', offset), text.size());
    return end > offset && text[end - 1] == '\r' ? end - 1 : end;
}

std::string line_at(std::string_view text, std::size_t offset) {
    const auto begin = line_begin(text, offset);
    return std::string(text.substr(begin, line_end(text, offset) - begin));
}

/// Where a place leads in a tree.
struct Way {
    std::vector<const YamlNode*> nodes;  ///< the root, then a value for each key that is there
    const YamlNode* key = nullptr;       ///< of the last value
    const YamlNode* shared = nullptr;    ///< the way leads through this anchored value, which others use too
    [[nodiscard]] bool complete(const Place& place) const { return nodes.size() == place.size() + 1; }
};

// A value that one alias stands for and that is nobody's own (Compose: below a key `x-...`) may be changed in place.
bool is_shared(const YamlTree& tree, const YamlNode& anchored) {
    const bool extension = std::any_of(tree.root().members.begin(), tree.root().members.end(), [&](const auto& one) {
        return one.first->text.starts_with("x-") && one.second == &anchored;
    });
    return !extension || anchored.aliases > 1;
}

// The map that a node stands for, by an alias or itself.
const YamlNode* through(const YamlTree& tree, const YamlNode* node, Way& way) {
    if (node->kind == Kind::alias) {
        node = &tree.anchored(node->anchor);
        way.shared = is_shared(tree, *node) ? node : way.shared;
    } else if (node->aliases > 0) {
        way.shared = node;  // what is changed here, is changed at its aliases
    }
    return node->kind == Kind::map ? node : nullptr;
}

const std::pair<const YamlNode*, const YamlNode*>* entry(const YamlTree& tree, const YamlNode& map,
                                                         std::string_view key, Way& way) {
    for (const auto& one : map.members) {
        if (one.first->text == key) {
            return &one;
        }
    }
    for (const auto& [name, value] : map.members) {
        if (name->text != "<<") {
            continue;
        }
        const auto sources = value->kind == Kind::list ? value->elements : std::vector<const YamlNode*>{value};
        for (const auto* source : sources) {
            Way inner = way;
            const auto* merged = through(tree, source, inner);
            const auto* found = merged == nullptr ? nullptr : entry(tree, *merged, key, inner);
            if (found != nullptr) {
                way.shared = inner.shared;
                return found;
            }
        }
    }
    return nullptr;
}

Way follow(const YamlTree& tree, const Place& place) {
    Way way{{&tree.root()}, nullptr, nullptr};
    for (const auto& key : place) {
        const auto* map = through(tree, way.nodes.back(), way);
        const auto* found = map == nullptr ? nullptr : entry(tree, *map, key, way);
        if (found == nullptr) {
            break;
        }
        way.key = found->first;
        way.nodes.push_back(found->second);
    }
    if (way.nodes.back()->aliases > 0 && way.complete(place)) {
        way.shared = way.nodes.back();
    }
    return way;
}

bool has_value(const Way& way, const Place& place) {
    return way.complete(place) && way.nodes.back()->kind != Kind::nothing;
}

std::string in_words(const Place& place) {
    return base::join(place, ".");
}

Result<void> check_own(std::string_view text, const Way& way, const Place& place) {
    if (way.shared == nullptr) {
        return {};
    }
    return fail(Fault::failed,
                fmt::format("{} comes from line {}, which other parts of the file use too", in_words(place),
                            line_of(text, way.shared->begin)),
                "change it by hand: it would change there as well");
}

bool needs_quotes(std::string_view value) {
    return value.empty() || !std::all_of(value.begin(), value.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
           });
}

std::string quoted(std::string_view value, char quote) {
    std::string text(1, quote);
    for (const char c : value) {
        text += c == quote || (quote == '"' && c == '\\') ? std::string(1, quote == '"' ? '\\' : quote) + c
                                                          : std::string(1, c);
    }
    return text + quote;
}

std::string scalar_text(std::string_view value) {
    return needs_quotes(value) ? quoted(value, '"') : std::string(value);
}

std::optional<std::size_t> end_of_quoted(std::string_view text, std::size_t begin) {
    const char quote = text[begin];
    for (std::size_t i = begin + 1; i < text.size() && text[i] != '\n'; ++i) {
        if (quote == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == quote) {
            if (quote == '"' || i + 1 == text.size() || text[i + 1] != quote) {
                return i + 1;
            }
            ++i;
        }
    }
    return std::nullopt;
}

// The bytes of a value that stands on one line, and what replaces them; nothing if it does not.
std::optional<Splice> replacement(std::string_view text, const YamlNode& node, std::string_view value) {
    const std::size_t begin = node.begin;
    if (node.kind == Kind::alias) {
        const auto end = text.find_first_of(" \t\r\n,]}", begin);
        return Splice{begin, std::min(end, text.size()), scalar_text(value)};
    }
    if (node.kind != Kind::scalar || begin >= text.size()) {
        return std::nullopt;
    }
    if (text[begin] == '"' || text[begin] == '\'') {
        const auto end = end_of_quoted(text, begin);
        return end ? std::optional(Splice{begin, *end, quoted(value, text[begin])}) : std::nullopt;
    }
    if (text.substr(begin, node.text.size()) != node.text) {
        return std::nullopt;
    }
    return Splice{begin, begin + node.text.size(), scalar_text(value)};
}

std::size_t column_of(std::string_view text, const YamlNode& map) {
    const std::size_t begin = map.members.front().first->begin;
    return begin - line_begin(text, begin);
}

// After the last line that belongs to a block map whose keys stand at `column`.
std::size_t end_of_block(std::string_view text, std::size_t first_key, std::size_t column) {
    std::size_t end = line_end(text, first_key);
    std::size_t begin = std::min(text.find('\n', end), text.size());
    while (begin < text.size()) {
        ++begin;
        const auto next = std::min(text.find('\n', begin), text.size());
        const auto line = text.substr(begin, next - begin);
        const auto indent = line.find_first_not_of(" \t\r");
        if (indent != std::string_view::npos) {
            if (indent < column || line.starts_with("---") || line.starts_with("...")) {
                break;
            }
            end = line_end(text, begin);
        }
        begin = next;
    }
    return end;
}

std::string nested_flow(std::span<const std::string> keys, std::string_view value) {
    std::string text = keys.front() + ": ";
    return text + (keys.size() == 1 ? scalar_text(value) : "{" + nested_flow(keys.subspan(1), value) + "}");
}

Result<Splice> insertion(std::string_view text, const Way& way, const Place& place, std::string_view value) {
    const auto& deepest = *way.nodes.back();
    const auto keys = std::span<const std::string>(place).subspan(way.nodes.size() - 1);
    if (keys.empty()) {  // the key is there, without a value
        const std::size_t colon = text.find(':', way.key->begin + way.key->text.size());
        return Splice{colon + 1, colon + 1, " " + scalar_text(value)};
    }
    if (deepest.kind != Kind::map || deepest.members.empty()) {
        const auto known = std::span<const std::string>(place).first(way.nodes.size() - 1);
        if (deepest.kind == Kind::map && deepest.flow) {
            return Splice{deepest.begin + 1, deepest.begin + 1, nested_flow(keys, value)};
        }
        return fail(Fault::failed,
                    fmt::format("{} is no map on line {}", base::join(known, "."), line_of(text, deepest.begin)));
    }
    if (deepest.flow) {
        return Splice{deepest.begin + 1, deepest.begin + 1, nested_flow(keys, value) + ", "};
    }
    const std::size_t column = column_of(text, deepest);
    const auto& parent = *way.nodes[way.nodes.size() - 2];
    const bool nested = parent.kind == Kind::map && !parent.flow && column > column_of(text, parent);
    const std::size_t step = nested ? column - column_of(text, parent) : 2;
    const std::size_t at = end_of_block(text, deepest.members.front().first->begin, column);
    const std::string line_break = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
    std::string lines;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        lines += line_break + std::string(column + i * step, ' ') + keys[i] + ":";
    }
    return Splice{at, at, lines + " " + scalar_text(value)};
}

ChangedLine changed_line(std::string_view text, const Splice& splice) {
    ChangedLine line{line_of(text, splice.begin), std::nullopt, {}};
    const auto break_at = splice.text.find('\n');
    if (break_at == std::string::npos) {
        const std::size_t begin = line_begin(text, splice.begin);
        line.removed = line_at(text, splice.begin);
        std::string now = *line.removed;
        line.added = {now.replace(splice.begin - begin, splice.end - splice.begin, splice.text)};
        return line;
    }
    for (const auto added : base::lines(std::string_view(splice.text).substr(break_at + 1))) {
        line.added.emplace_back(added.ends_with('\r') ? added.substr(0, added.size() - 1) : added);
    }
    return line;
}

}  // namespace

Result<bool> has_any(std::string_view text, std::span<const Place> places) {
    const auto tree = YamlTree::read(text);
    if (!tree) {
        return tl::unexpected(tree.error());
    }
    return std::any_of(places.begin(), places.end(),
                       [&](const Place& place) { return has_value(follow(*tree, place), place); });
}

Result<YamlEdit> set_value(std::string_view text, std::span<const Place> places, std::string_view value) {
    const auto tree = YamlTree::read(text);
    if (!tree) {
        return tl::unexpected(tree.error());
    }
    YamlEdit edit;
    std::vector<Splice> splices;
    for (const auto& place : places) {
        const Way way = follow(*tree, place);
        if (!has_value(way, place)) {
            continue;
        }
        if (auto own = check_own(text, way, place); !own) {
            return tl::unexpected(own.error());
        }
        const auto& node = *way.nodes.back();
        auto splice = replacement(text, node, value);
        if (!splice) {
            return fail(Fault::failed, fmt::format("{} on line {} is no value on one line", in_words(place),
                                                   line_of(text, node.begin)));
        }
        edit.before = node.kind == Kind::alias ? tree->anchored(node.anchor).text : node.text;
        splices.push_back(std::move(*splice));
    }
    if (splices.empty()) {
        const auto& place = places.back();
        const Way way = follow(*tree, place);
        if (way.nodes.size() < 3) {
            return fail(Fault::no_data, fmt::format("there is no {}", base::join(std::span(place).first(2), ".")));
        }
        if (auto own = check_own(text, way, place); !own) {
            return tl::unexpected(own.error());
        }
        auto splice = insertion(text, way, place, value);
        if (!splice) {
            return tl::unexpected(splice.error());
        }
        splices.push_back(std::move(*splice));
    }
    std::sort(splices.begin(), splices.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
    edit.text = std::string(text);
    for (auto splice = splices.rbegin(); splice != splices.rend(); ++splice) {
        edit.text.replace(splice->begin, splice->end - splice->begin, splice->text);
    }
    if (edit.text != text) {
        std::transform(splices.begin(), splices.end(), std::back_inserter(edit.lines),
                       [&](const Splice& splice) { return changed_line(text, splice); });
    }
    const auto after = YamlTree::read(edit.text);
    const bool same_places = after && std::all_of(places.begin(), places.end(), [&](const Place& place) {
                                 const Way way = follow(*after, place);
                                 return !has_value(way, place) || way.nodes.back()->text == value;
                             });
    if (!same_places || differences(tree->root(), after->root()) > splices.size()) {
        return fail(Fault::failed,
                    fmt::format("{} cannot be set without changing more than that", in_words(places.back())));
    }
    return edit;
}

}  // namespace memrb::system
