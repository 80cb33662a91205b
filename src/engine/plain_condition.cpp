#include "engine/plain_condition.h"

#include "engine/plain_scanner.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace memrb::engine {

using Json = nlohmann::json;

/// Every value that a condition yields is a part of the facts, a literal, or a truth: nothing is copied. Null pointer:
/// no value, or an error.
struct PlainCondition::Node {
    enum class Kind {
        path,
        literal,
        less,
        less_or_equal,
        equal,
        unequal,
        both,
        either,
        pipe,
        numbers,
        strings,
        negate,
        select
    };

    Kind kind = Kind::path;
    std::vector<std::string> names = {};  ///< of a path
    Json value = {};                      ///< of a literal
    std::vector<Node> parts = {};

    [[nodiscard]] const Json* run(const Json& in) const;
    [[nodiscard]] bool only_looks_below(std::string_view root) const;
};

namespace {

using Node = PlainCondition::Node;
using Kind = Node::Kind;

constexpr int deepest = 50;

const Json* truth(bool holds) {
    static const Json yes = true;
    static const Json no = false;
    return holds ? &yes : &no;
}

bool holds(const Json& value) {
    return !value.is_null() && value != Json(false);
}

// jq's order of kinds.
int rank(const Json& value) {
    switch (value.type()) {
        case Json::value_t::null: return 0;
        case Json::value_t::boolean: return value.get<bool>() ? 2 : 1;
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
        case Json::value_t::number_float: return 3;
        case Json::value_t::string: return 4;
        case Json::value_t::array: return 5;
        default: return 6;
    }
}

template <class Value>
int order_of(const Value& a, const Value& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

// Numbers are doubles, and an object's keys come before its values, as in jq. Negative: `a` is less.
int order(const Json& a, const Json& b) {
    if (const int kinds = order_of(rank(a), rank(b)); kinds != 0) {
        return kinds;
    }
    if (a.is_number()) {
        return order_of(a.get<double>(), b.get<double>());
    }
    if (a.is_string()) {
        return order_of(a.get_ref<const std::string&>(), b.get_ref<const std::string&>());
    }
    if (!a.is_structured()) {
        return 0;  // null, false or true
    }
    if (a.is_object()) {
        std::vector<std::string> keys_of_a;
        std::vector<std::string> keys_of_b;
        for (const auto& [key, value] : a.items()) {
            keys_of_a.push_back(key);
        }
        for (const auto& [key, value] : b.items()) {
            keys_of_b.push_back(key);
        }
        if (const int keys = order_of(keys_of_a, keys_of_b); keys != 0) {
            return keys;
        }
    }
    for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end(); ++x, ++y) {
        if (const int values = order(*x, *y); values != 0) {
            return values;
        }
    }
    return order_of(a.size(), b.size());
}

// As jq: a member of null is null, a member of anything but an object is an error.
const Json* find(const Json& facts, const std::vector<std::string>& names) {
    static const Json null;
    const Json* at = &facts;
    for (const auto& name : names) {
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

const Json* compare(Kind kind, const Json* a, const Json* b) {
    if (a == nullptr || b == nullptr) {
        return nullptr;
    }
    if (kind == Kind::equal || kind == Kind::unequal) {
        return truth((order(*a, *b) == 0) == (kind == Kind::equal));
    }
    if (a->is_null() || b->is_null()) {
        return nullptr;
    }
    return truth(kind == Kind::less ? order(*a, *b) < 0 : order(*a, *b) <= 0);
}

// In jq's order of precedence, the loosest first. What is left over, or does not fit, makes the whole no plain one.
class Parser {
public:
    explicit Parser(std::string_view text) : scan_(text) {}

    std::optional<Node> run() {
        auto node = pipe(0);
        return scan_.at_end() ? std::move(node) : std::nullopt;
    }

private:
    using Maybe = std::optional<Node>;

    Maybe pipe(int depth) {
        auto first = either(depth);
        if (!first || !scan_.take("|")) {
            return first;
        }
        auto second = depth < deepest ? pipe(depth + 1) : std::nullopt;
        return second ? Maybe(Node{Kind::pipe, {}, {}, {*std::move(first), *std::move(second)}}) : std::nullopt;
    }

    Maybe either(int depth) { return chain(Kind::either, "or", &Parser::both, depth); }
    Maybe both(int depth) { return chain(Kind::both, "and", &Parser::comparison, depth); }

    Maybe chain(Kind kind, std::string_view word, Maybe (Parser::*part)(int), int depth) {
        auto first = (this->*part)(depth);
        if (!first || !scan_.take_word(word)) {
            return first;
        }
        Node all{kind, {}, {}, {*std::move(first)}};
        do {
            auto next = (this->*part)(depth);
            if (!next) {
                return std::nullopt;
            }
            all.parts.push_back(*std::move(next));
        } while (scan_.take_word(word));
        return all;
    }

    Maybe comparison(int depth) {
        auto left = term(depth);
        if (!left) {
            return left;
        }
        static const std::vector<std::pair<std::string_view, Kind>> signs{
            {"==", Kind::equal},         {"!=", Kind::unequal}, {"<=", Kind::less_or_equal},
            {">=", Kind::less_or_equal}, {"<", Kind::less},     {">", Kind::less}};
        for (const auto& [sign, kind] : signs) {
            if (scan_.take(sign)) {
                auto right = term(depth);
                if (!right) {
                    return std::nullopt;
                }
                Node node{kind, {}, {}, {*std::move(left), *std::move(right)}};
                if (sign.front() == '>') {
                    std::swap(node.parts[0], node.parts[1]);
                }
                return node;
            }
        }
        return left;
    }

    Maybe term(int depth) {
        if (auto names = scan_.path()) {
            return Node{Kind::path, *std::move(names)};
        }
        if (scan_.take("(")) {
            return bracketed(depth);
        }
        for (const auto& [word, kind] : {std::pair("numbers", Kind::numbers), std::pair("strings", Kind::strings),
                                         std::pair("not", Kind::negate)}) {
            if (scan_.take_word(word)) {
                return Node{kind};
            }
        }
        if (scan_.take_word("select")) {
            auto inner = scan_.take("(") ? bracketed(depth) : std::nullopt;
            return inner ? Maybe(Node{Kind::select, {}, {}, {*std::move(inner)}}) : std::nullopt;
        }
        auto literal = scan_.literal();
        return literal ? Maybe(Node{Kind::literal, {}, *std::move(literal)}) : std::nullopt;
    }

    Maybe bracketed(int depth) {
        auto inner = depth < deepest ? pipe(depth + 1) : std::nullopt;
        return inner && scan_.take(")") ? std::move(inner) : std::nullopt;
    }

    PlainScanner scan_;
};

}  // namespace

const Json* PlainCondition::Node::run(const Json& in) const {
    switch (kind) {
        case Kind::path: return find(in, names);
        case Kind::literal: return &value;
        case Kind::numbers: return in.is_number() ? &in : nullptr;
        case Kind::strings: return in.is_string() ? &in : nullptr;
        case Kind::negate: return truth(!holds(in));
        case Kind::select: {
            const Json* wanted = parts[0].run(in);
            return wanted != nullptr && holds(*wanted) ? &in : nullptr;
        }
        case Kind::pipe: {
            const Json* first = parts[0].run(in);
            return first != nullptr ? parts[1].run(*first) : nullptr;
        }
        case Kind::both:
        case Kind::either:
            // What stands behind the part that settles it is not looked at, so that its errors do not matter.
            for (const auto& part : parts) {
                const Json* one = part.run(in);
                if (one == nullptr || holds(*one) == (kind == Kind::either)) {
                    return one == nullptr ? nullptr : truth(kind == Kind::either);
                }
            }
            return truth(kind == Kind::both);
        case Kind::less:
        case Kind::less_or_equal:
        case Kind::equal:
        case Kind::unequal: break;
    }
    return compare(kind, parts[0].run(in), parts[1].run(in));
}

bool PlainCondition::Node::only_looks_below(std::string_view root) const {
    switch (kind) {
        case Kind::path: return !names.empty() && names.front() == root;
        case Kind::literal: return true;
        case Kind::pipe: return parts[0].only_looks_below(root);
        case Kind::numbers:
        case Kind::strings:
        case Kind::negate:
        case Kind::select: return false;  // it looks at all that is known
        default: break;
    }
    return std::all_of(parts.begin(), parts.end(), [&](const Node& part) { return part.only_looks_below(root); });
}

std::optional<PlainCondition> PlainCondition::parse(std::string_view text) {
    auto root = Parser(text).run();
    return root ? std::optional(PlainCondition(std::make_shared<const Node>(*std::move(root)))) : std::nullopt;
}

bool PlainCondition::ruled_out(std::string_view root, const Json& facts) const {
    const auto says_no = [&](const Node& node) {
        const Json* value = node.only_looks_below(root) ? node.run(facts) : nullptr;
        return value != nullptr && !value->is_null() && !holds(*value);
    };
    return root_->kind == Kind::both ? std::any_of(root_->parts.begin(), root_->parts.end(), says_no) : says_no(*root_);
}

std::optional<bool> PlainCondition::test(const Json& facts) const {
    const Json* value = root_->run(facts);
    return value == nullptr || value->is_null() ? std::nullopt : std::optional(holds(*value));
}

}  // namespace memrb::engine
