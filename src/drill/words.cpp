#include "drill/words.h"

#include <algorithm>

namespace memrb::drill {

Words::Words(const std::vector<std::string>& argv, std::size_t from, const std::vector<std::string_view>& with_value) {
    for (std::size_t i = from; i < argv.size(); ++i) {
        const std::string& word = argv[i];
        if (word.size() < 2 || word.front() != '-') {
            plain_.push_back(word);
            continue;
        }
        const std::size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const bool takes = std::find(with_value.begin(), with_value.end(), name) != with_value.end();
        if (equals != std::string::npos) {
            options_.emplace_back(name, word.substr(equals + 1));
        } else if (takes && i + 1 < argv.size()) {
            options_.emplace_back(name, argv[++i]);
        } else {
            options_.emplace_back(name, "");
        }
    }
}

std::optional<std::string> Words::option(std::string_view name) const {
    const auto found =
        std::find_if(options_.rbegin(), options_.rend(), [&](const auto& each) { return each.first == name; });
    return found == options_.rend() ? std::nullopt : std::optional(found->second);
}

bool Words::has(std::string_view name) const {
    return option(name).has_value();
}

}  // namespace memrb::drill
