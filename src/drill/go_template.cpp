#include "drill/go_template.h"

#include "base/text.h"

namespace memrb::drill {

namespace {

using Json = nlohmann::ordered_json;

const Json* follow(std::string_view path, const Json& value) {
    const Json* at = &value;
    if (path == ".") {
        return at;
    }
    for (const auto part : base::split(path.substr(1), '.')) {
        if (!at->is_object() || !at->contains(part)) {
            return nullptr;
        }
        at = &(*at)[std::string(part)];
    }
    return at;
}

}  // namespace

std::optional<std::string> fill_template(std::string_view text, const Json& value) {
    std::string filled;
    while (true) {
        const std::size_t open = text.find("{{");
        filled += text.substr(0, open);
        if (open == std::string_view::npos) {
            return filled;
        }
        const std::size_t close = text.find("}}", open);
        if (close == std::string_view::npos) {
            return std::nullopt;
        }
        std::string_view inner = base::trim(text.substr(open + 2, close - open - 2));
        constexpr std::string_view as_json = "json ";
        const bool json = inner.starts_with(as_json);
        inner = json ? base::trim(inner.substr(as_json.size())) : inner;
        const Json* found = inner.starts_with('.') ? follow(inner, value) : nullptr;
        if (found == nullptr) {
            return std::nullopt;
        }
        filled += json || !found->is_string() ? found->dump() : found->get<std::string>();
        text.remove_prefix(close + 2);
    }
}

}  // namespace memrb::drill
