#pragma once

#include "memrb/result.h"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::system {

/// One value of a YAML text and where it stands in it. Aliases stay aliases: what is changed must be seen as written.
struct YamlNode {
    enum class Kind { nothing, scalar, list, map, alias };
    Kind kind = Kind::nothing;
    std::size_t begin = 0;    ///< byte offset of the value itself, its anchor and tag passed over; of an alias the `*`
    std::string text;         ///< of a scalar, unescaped
    bool flow = false;        ///< of a list or map: written with brackets
    std::size_t anchor = 0;   ///< the anchor's number; 0: none. Of an alias the one that it stands for
    std::size_t aliases = 0;  ///< how many aliases stand for this
    std::vector<std::pair<const YamlNode*, const YamlNode*>> members = {};  ///< of a map: key and value, in order
    std::vector<const YamlNode*> elements = {};                             ///< of a list
};

/// A YAML text with one document.
class YamlTree {
public:
    /// Errors: no YAML (`3:7: ...`), several documents, keys that are no text, more than 100 levels.
    static Result<YamlTree> read(std::string_view text);

    [[nodiscard]] const YamlNode& root() const { return *root_; }
    /// The node that has this anchor.
    [[nodiscard]] const YamlNode& anchored(std::size_t anchor) const { return *anchors_.at(anchor); }

private:
    friend class YamlTreeBuilder;
    std::deque<YamlNode> nodes_;
    std::vector<YamlNode*> anchors_{nullptr};  ///< by number, from 1
    const YamlNode* root_ = nullptr;
};

/// How many values differ, counting those that only one of the two has. An alias differs from what it stands for.
std::size_t differences(const YamlNode& before, const YamlNode& after);

}  // namespace memrb::system
