#include "engine/foreseen.h"

#include "engine/plain_condition.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace memrb::engine {

namespace {

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// `.memory.ratio` looks at `.memory`; `.vars.memory` and `.memory_limit` do not.
bool looks_at(std::string_view text, std::string_view path) {
    for (auto at = text.find(path); at != std::string_view::npos; at = text.find(path, at + 1)) {
        const bool begins = at == 0 || !is_name(text[at - 1]);
        const auto end = at + path.size();
        if (begins && (end == text.size() || !is_name(text[end]))) {
            return true;
        }
    }
    return false;
}

}  // namespace

Truth foreseen(const Expression& condition, const std::string& facts, const std::vector<std::string>& open_vars,
               const Programs& programs) {
    constexpr std::array<std::string_view, 7> found_later{".memory", ".trend",    ".oom",  ".restarts",
                                                          ".load",   ".features", ".steps"};
    const bool open_var = std::any_of(open_vars.begin(), open_vars.end(), [&](const std::string& name) {
        return looks_at(condition.text, ".vars." + name);
    });
    if (!open_var && std::none_of(found_later.begin(), found_later.end(),
                                  [&](std::string_view name) { return looks_at(condition.text, name); })) {
        return programs.test(condition, facts);
    }
    const auto plain = PlainCondition::parse(condition.text);
    const auto json = nlohmann::json::parse(facts, nullptr, false);
    const bool no = plain && (plain->ruled_out("target", json) || (!open_var && plain->ruled_out("vars", json)));
    return no ? Truth::no : Truth::unknown;
}

}  // namespace memrb::engine
