#include "engine/expand.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::engine {

namespace {

// Escaped for any of PromQL's quoted strings: a `\"` would be an error between single quotes, and the other way round.
std::string in_promql(std::string_view value) {
    std::string escaped;
    for (const char c : value) {
        switch (c) {
            case '\\': escaped += "\\\\"; break;
            case '"': escaped += "\\x22"; break;
            case '\'': escaped += "\\x27"; break;
            case '\n': escaped += "\\n"; break;
            default: escaped += c;
        }
    }
    return escaped;
}

Expansion expansion_of(const ActionType& action, const std::string& name) {
    const auto spec = std::find_if(action.params.begin(), action.params.end(),
                                   [&](const ParamSpec& candidate) { return candidate.name == name; });
    return spec == action.params.end() ? Expansion::verbatim : spec->expansion;
}

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// `${name}`; for a shell, whose own the braces are, also `$name` and `${name...`.
bool mentions(std::string_view text, std::string_view name, Expansion how) {
    if (how != Expansion::none) {
        return text.find(fmt::format("${{{}}}", name)) != std::string_view::npos;
    }
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const std::string_view before = text.substr(0, at);
        const std::string_view after = text.substr(at + name.size());
        if ((before.ends_with('$') || before.ends_with("${")) && (after.empty() || !is_name(after.front()))) {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<std::string> expand_text(std::string_view text, const ValueOf& value_of, Expansion how) {
    if (how == Expansion::none) {
        return std::string(text);
    }
    std::string out;
    while (true) {
        const std::size_t at = text.find("${");
        if (at == std::string_view::npos) {
            return out.append(text);
        }
        if (at > 0 && text[at - 1] == '$') {
            out.append(text.substr(0, at - 1)).append("${");
            text.remove_prefix(at + 2);
            continue;
        }
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos) {
            return fail(Fault::usage, fmt::format("`{}` is never closed", base::printable(text.substr(at))));
        }
        const auto value = value_of(std::string(text.substr(at + 2, end - at - 2)));
        if (!value) {
            return value;
        }
        out.append(text.substr(0, at)).append(how == Expansion::promql ? in_promql(*value) : *value);
        text.remove_prefix(end + 1);
    }
}

Result<std::string> expand_text(std::string_view text, const std::map<std::string, std::string>& vars, Expansion how) {
    const auto value_of = [&vars](const std::string& name) -> Result<std::string> {
        if (const auto value = vars.find(name); value != vars.end()) {
            return value->second;
        }
        return fail(Fault::usage, fmt::format("`{}` has no value", base::printable(name)),
                    fmt::format("give it one: --set {}=VALUE", base::printable(name)));
    };
    return expand_text(text, value_of, how);
}

Result<Params> expand_params(const Step& step, const std::map<std::string, std::string>& vars) {
    Params expanded;
    for (const auto& [name, param] : step.params.all()) {
        const Expansion how = expansion_of(*step.action, name);
        Param written;
        auto text = expand_text(param.text, vars, how);
        if (!text) {
            return tl::unexpected(text.error());
        }
        written.text = std::move(*text);
        for (const auto& word : param.list) {
            auto one = expand_text(word, vars, how);
            if (!one) {
                return tl::unexpected(one.error());
            }
            written.list.push_back(std::move(*one));
        }
        for (const auto& [key, value] : param.pairs) {
            auto one = expand_text(value, vars, how);
            if (!one) {
                return tl::unexpected(one.error());
            }
            written.pairs.emplace_back(key, std::move(*one));
        }
        expanded.set(name, std::move(written));
    }
    return expanded;
}

bool mentions(const Step& step, std::string_view name) {
    const auto& params = step.params.all();
    return std::any_of(params.begin(), params.end(), [&](const auto& entry) {
        const auto& [param, value] = entry;
        const Expansion how = expansion_of(*step.action, param);
        const auto in_text = [&](const std::string& text) { return mentions(text, name, how); };
        return in_text(value.text) || std::any_of(value.list.begin(), value.list.end(), in_text) ||
               std::any_of(value.pairs.begin(), value.pairs.end(),
                           [&](const auto& pair) { return in_text(pair.second); });
    });
}

}  // namespace memrb::engine
