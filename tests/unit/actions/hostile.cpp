#include "hostile.h"

#include <nlohmann/json.hpp>

namespace memrb::actions {

void each_beginning(std::string_view document, const std::function<void(const std::string&)>& read) {
    for (std::size_t length = 0; length < document.size(); ++length) {
        read(std::string(document.substr(0, length)));
    }
}

void each_corruption(std::string_view document, const std::function<void(const std::string&)>& read) {
    for (std::size_t i = 0; i < document.size(); ++i) {
        for (const char wrong : {'\0', '"', '}', '\xff', '9'}) {
            std::string text(document);
            text[i] = wrong;
            read(text);
        }
    }
}

std::vector<std::string> with_wrong_types(const std::string& document) {
    const auto tree = nlohmann::json::parse(document);
    const std::vector<nlohmann::json> wrong = {nullptr,
                                               true,
                                               -1,
                                               18'446'744'073'709'551'615U,
                                               1e308,
                                               0.5,
                                               "text",
                                               nlohmann::json::array(),
                                               nlohmann::json::object(),
                                               nlohmann::json::parse(nested(40))};
    std::vector<std::string> all;
    const auto flat = tree.flatten();
    std::vector<std::string> pointers;
    for (const auto& [pointer, value] : flat.items()) {
        pointers.push_back(pointer);
        for (std::size_t at = pointer.rfind('/'); at != std::string::npos && at > 0; at = pointer.rfind('/', at - 1)) {
            pointers.push_back(pointer.substr(0, at));
        }
    }
    for (const auto& pointer : pointers) {
        for (const auto& value : wrong) {
            auto changed = tree;
            changed[nlohmann::json::json_pointer(pointer)] = value;
            all.push_back(changed.dump());
        }
    }
    return all;
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace memrb::actions
