#include "runbook/read_yaml.h"

#include "base/text.h"
#include "runbook/yaml_errors.h"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>
#include <map>
#include <optional>
#include <sstream>
#include <unordered_map>

namespace memrb::runbook {

namespace {

// Thrown through yaml-cpp to end the parse at once; the reason has been reported.
struct Abandoned {};

// Builds the tree from yaml-cpp's events. The events come before yaml-cpp goes deeper, so that the depth limit here
// also bounds its recursion.
class Builder : public YAML::EventHandler {
public:
    Builder(const Source& source, Reporter& report, Document& document)
        : source_(source), report_(report), document_(document) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ > 1) {
            abandon(place(mark), "a second document", "one file holds one runbook: remove the `---` line");
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node& node = add(place_of_nothing(mark), anchor);
        place_in_parent(node, node_count(1, node.begin));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto known = anchors_.find(anchor);
        const bool inside_itself = known == anchors_.end() || !known->second.complete;
        if (inside_itself) {
            abandon(place(mark), "an alias inside the value that it stands for", "write the value out");
        }
        place_in_parent(*known->second.node, node_count(known->second.size, place(mark)));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        const std::size_t begin = place(mark);
        if (value.size() > max_scalar_bytes) {
            abandon(begin, fmt::format("a text of {} bytes, more than the {} allowed", value.size(), max_scalar_bytes));
        }
        check_tag(tag, begin);
        Node& node = add(begin, anchor);
        node.kind = Node::Kind::scalar;
        node.text = value;
        node.quoted = tag == "!";
        place_in_parent(node, node_count(1, begin));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::map);
    }
    void OnMapEnd() override { close(); }

    // The innermost list or map that is still open: yaml-cpp tells only where it gave up looking for its end.
    [[nodiscard]] std::optional<std::size_t> open_since() const {
        return open_.empty() ? std::nullopt : std::optional(open_.back().node->begin);
    }

    [[noreturn]] void abandon(std::size_t at, std::string message, std::string hint = {}) {
        report_.error_at(at, std::move(message), std::move(hint));
        throw Abandoned{};
    }

private:
    struct Open {
        Node* node;
        YAML::anchor_t anchor;
        std::size_t size = 1;
        const Node* key = nullptr;  // of a map: read, its value is to come
        std::unordered_map<std::string_view, const Node*> seen = {};
    };
    struct Anchor {
        const Node* node;
        std::size_t size;
        bool complete;
    };

    std::size_t place(const YAML::Mark& mark) const { return source_.offset(mark.line, mark.column); }

    // For what is not there yaml-cpp tells the place of the next token, which may be lines further on.
    std::size_t place_of_nothing(const YAML::Mark& mark) const {
        if (!open_.empty() && open_.back().key != nullptr) {
            return open_.back().key->begin;
        }
        const std::size_t next = place(mark);
        const std::size_t before = next == 0 ? std::string::npos : source_.text().find_last_not_of(" \n", next - 1);
        return before != std::string::npos && source_.text()[before] == '-' ? before : next;
    }

    Node& add(std::size_t begin, YAML::anchor_t anchor) {
        Node& node = document_.nodes.emplace_back();
        node.begin = begin;
        if (anchor != YAML::NullAnchor) {
            anchors_[anchor] = {&node, 1, true};
        }
        return node;
    }

    std::size_t node_count(std::size_t more, std::size_t at) {
        total_ += more;
        if (total_ > max_nodes) {
            abandon(at, fmt::format("more than {} values, aliases counted with all that they stand for", max_nodes));
        }
        return more;
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
        const std::size_t begin = place(mark);
        if (open_.size() == max_depth) {
            abandon(begin, fmt::format("lists and maps are nested more than {} deep", max_depth));
        }
        check_tag(tag, begin);
        Node& node = add(begin, anchor);
        node.kind = kind;
        if (anchor != YAML::NullAnchor) {
            anchors_[anchor].complete = false;
        }
        node_count(1, begin);
        open_.push_back({&node, anchor});
    }

    void close() {
        const Open done = std::move(open_.back());
        open_.pop_back();
        if (done.anchor != YAML::NullAnchor) {
            anchors_[done.anchor] = {done.node, done.size, true};
        }
        place_in_parent(*done.node, done.size);
    }

    void place_in_parent(const Node& node, std::size_t size) {
        if (open_.empty()) {
            document_.root = &node;
            return;
        }
        Open& parent = open_.back();
        parent.size += size;
        if (parent.node->kind == Node::Kind::list) {
            parent.node->items.push_back(&node);
        } else if (parent.key == nullptr) {
            parent.key = &node;
        } else {
            add_entry(parent, *parent.key, node);
            parent.key = nullptr;
        }
    }

    void add_entry(Open& map, const Node& key, const Node& value) {
        if (key.kind != Node::Kind::scalar) {
            report_.error(key, fmt::format("a key must be text, not {}", describe(key.kind)),
                          "put it in quotes if it is meant to be a key");
            map.node->incomplete = true;
            return;
        }
        if (key.text == "<<" && !key.quoted) {
            report_.error(key, "merge keys (`<<`) are not supported",
                          "an alias can stand for a whole value: `steps: *name`");
            map.node->incomplete = true;
            return;
        }
        const auto [first, is_new] = map.seen.emplace(key.text, &key);
        if (!is_new) {
            report_.error(key, fmt::format("{} is given twice", quoted(key.text)),
                          fmt::format("first on line {}", report_.mark(*first->second).line));
            return;
        }
        map.node->entries.push_back({&key, &value});
    }

    void check_tag(const std::string& tag, std::size_t begin) {
        const bool harmless = tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str";
        if (!harmless) {
            report_.error_at(begin, fmt::format("the tag {} is not supported", quoted(tag)),
                             "remove it; `!!str` is the only tag a runbook may use");
        }
    }

    const Source& source_;
    Reporter& report_;
    Document& document_;
    int documents_ = 0;
    std::size_t total_ = 0;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Anchor> anchors_;
};

}  // namespace

std::string_view describe(Node::Kind kind) {
    switch (kind) {
        case Node::Kind::null: return "nothing";
        case Node::Kind::scalar: return "text";
        case Node::Kind::list: return "a list";
        case Node::Kind::map: return "a map";
    }
    return "?";
}

Document read_yaml(const Source& source, Reporter& report) {
    Document document;
    Builder builder(source, report, document);
    try {
        std::istringstream in(source.text());
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) {
        }
        return document;
    } catch (const Abandoned&) {
        document.root = nullptr;
    } catch (const YAML::Exception& error) {
        const SyntaxError plain = explain(error.msg);
        const std::size_t gave_up = source.offset(error.mark.line, error.mark.column);
        report.error_at(plain.at_opening ? builder.open_since().value_or(gave_up) : gave_up, plain.message, plain.hint);
        document.root = nullptr;
    } catch (const std::exception& error) {
        report.error_at(0, fmt::format("the YAML reader gave up: {}", error.what()));
        document.root = nullptr;
    }
    return document;
}

}  // namespace memrb::runbook
