#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

struct Entry;

/// One value of a YAML file with its place: what the compiler reads, free of yaml-cpp. An alias is the same Node again.
struct Node {
    enum class Kind { null, scalar, list, map };
    Kind kind = Kind::null;
    std::size_t begin = 0;  ///< byte in the Source; for `key:` without a value, that of the key
    std::string text;       ///< of a scalar, quotes and escapes resolved
    bool quoted = false;    ///< quoted or a block: never `<<`
    std::vector<const Node*> items;
    bool incomplete = false;     ///< a map from which an entry was left out, see read_yaml()
    std::vector<Entry> entries;  ///< in file order; a repeated key has been reported and left out
};

struct Entry {
    const Node* key;  ///< always a scalar
    const Node* value;
};

/// A parsed file. `root` is null if the file holds nothing.
struct Document {
    std::deque<Node> nodes;  ///< owns all; a deque, so that pointers stay valid
    const Node* root = nullptr;
};

/// `text`, `a list`, `a map`, `nothing`: for messages.
std::string_view describe(Node::Kind kind);

}  // namespace memrb::runbook
