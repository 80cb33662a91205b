#include "system/yaml_tree.h"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>
#include <algorithm>
#include <map>
#include <sstream>

namespace memrb::system {

namespace {

constexpr std::size_t max_depth = 100;
using Kind = YamlNode::Kind;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Thrown through yaml-cpp to end the parse; caught in read().
struct Refused {
    YAML::Mark mark;
    std::string why;
};

std::vector<std::size_t> line_starts(std::string_view text) {
    std::vector<std::size_t> starts{text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0};
    for (std::size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1)) {
        starts.push_back(i + 1);
    }
    return starts;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// All values by their places, to compare what an edit left of a file.
void flatten(const YamlNode& node, const std::string& path, std::map<std::string, std::string>& into) {
    switch (node.kind) {
        case Kind::nothing: into[path] = "~"; break;
        case Kind::scalar: into[path] = "=" + node.text; break;
        case Kind::alias: into[path] = fmt::format("*{}", node.anchor); break;
        case Kind::list:
            for (std::size_t i = 0; i < node.elements.size(); ++i) {
                flatten(*node.elements[i], fmt::format("{}[{}]", path, i), into);
            }
            break;
        case Kind::map:
            for (const auto& [key, value] : node.members) {
                flatten(*value, path + "\n" + key->text, into);
            }
            break;
    }
}

}  // namespace

// yaml-cpp's events as a tree.
class YamlTreeBuilder final : public YAML::EventHandler {
public:
    YamlTreeBuilder(std::string_view text, YamlTree& tree) : text_(text), lines_(line_starts(text)), tree_(tree) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (tree_.root_ != nullptr) {
            throw Refused{mark, "a second document"};
        }
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        place(mark, add(mark, anchor, YamlNode::Kind::nothing));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        auto& node = add(mark, 0, YamlNode::Kind::alias);
        node.anchor = anchor;
        ++tree_.anchors_.at(anchor)->aliases;
        place(mark, node);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  const std::string& value) override {
        auto& node = add(mark, anchor, YamlNode::Kind::scalar);
        node.text = value;
        place(mark, node);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        open(mark, anchor, YamlNode::Kind::list, style);
    }
    void OnSequenceEnd() override { open_.pop_back(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        open(mark, anchor, YamlNode::Kind::map, style);
    }
    void OnMapEnd() override { open_.pop_back(); }

private:
    struct Open {
        YamlNode* node;
        const YamlNode* key = nullptr;  // of a map: read, its value is to come
    };

    // yaml-cpp counts columns in bytes. An anchor or a tag belongs to the value, and its mark is theirs.
    std::size_t offset(const YAML::Mark& mark) const {
        const auto line = std::min(static_cast<std::size_t>(std::max(mark.line, 0)), lines_.size() - 1);
        std::size_t at = std::min(lines_[line] + static_cast<std::size_t>(std::max(mark.column, 0)), text_.size());
        while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
            while (at < text_.size() && !is_space(text_[at])) {
                ++at;
            }
            while (at < text_.size() && is_space(text_[at])) {
                ++at;
            }
        }
        return at;
    }

    YamlNode& add(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode::Kind kind) {
        auto& node = tree_.nodes_.emplace_back();
        node.kind = kind;
        node.begin = offset(mark);
        node.anchor = anchor;
        if (anchor != YAML::NullAnchor) {
            tree_.anchors_.resize(std::max<std::size_t>(tree_.anchors_.size(), anchor + 1), nullptr);
            tree_.anchors_[anchor] = &node;
        }
        return node;
    }

    void place(const YAML::Mark& mark, const YamlNode& node) {
        if (open_.empty()) {
            tree_.root_ = &node;
            return;
        }
        auto& parent = open_.back();
        if (parent.node->kind == YamlNode::Kind::list) {
            parent.node->elements.push_back(&node);
        } else if (parent.key != nullptr) {
            parent.node->members.emplace_back(std::exchange(parent.key, nullptr), &node);
        } else if (node.kind == YamlNode::Kind::scalar) {
            parent.key = &node;
        } else {
            throw Refused{mark, "a key that is no text"};
        }
    }

    void open(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode::Kind kind, YAML::EmitterStyle::value style) {
        if (open_.size() == max_depth) {
            throw Refused{mark, fmt::format("more than {} levels", max_depth)};
        }
        auto& node = add(mark, anchor, kind);
        node.flow = style == YAML::EmitterStyle::Flow;
        place(mark, node);
        open_.push_back({&node});
    }

    std::string_view text_;
    std::vector<std::size_t> lines_;
    YamlTree& tree_;
    std::vector<Open> open_;
};

Result<YamlTree> YamlTree::read(std::string_view text) {
    const auto broken = [](const YAML::Mark& mark, std::string_view why) {
        return fail(Fault::failed, fmt::format("{}:{}: {}", mark.line + 1, mark.column + 1, why));
    };
    YamlTree tree;
    std::istringstream stream{std::string(text)};
    YamlTreeBuilder builder(text, tree);
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Refused& refused) {
        return broken(refused.mark, refused.why);
    } catch (const YAML::ParserException& error) {
        return broken(error.mark, error.msg);
    }
    if (tree.root_ == nullptr) {
        return fail(Fault::failed, "the file is empty");
    }
    return tree;
}

std::size_t differences(const YamlNode& before, const YamlNode& after) {
    std::map<std::string, std::string> old_values;
    std::map<std::string, std::string> new_values;
    flatten(before, "", old_values);
    flatten(after, "", new_values);
    std::size_t count = 0;
    for (const auto& [path, value] : old_values) {
        const auto found = new_values.find(path);
        count += found == new_values.end() || found->second != value ? 1U : 0U;
    }
    for (const auto& [path, value] : new_values) {
        count += old_values.contains(path) ? 0U : 1U;
    }
    return count;
}

}  // namespace memrb::system
