#include "engine/expand.h"

#include "base/text.h"

#include <fmt/format.h>
#include <algorithm>

namespace memrb::engine {

namespace {

std::string write_value(const std::string& value, Expansion how) {
    if (how != Expansion::promql) {
        return value;
    }
    std::string escaped;  // inside a double-quoted PromQL string
    for (const char c : value) {
        if (c == '\\' || c == '"') {
            escaped += '\\';
        }
        escaped += c;
    }
    return base::replace_all(std::move(escaped), "\n", "\\n");
}

Expansion expansion_of(const ActionType& action, const std::string& name) {
    const auto spec = std::find_if(action.params.begin(), action.params.end(),
                                   [&](const ParamSpec& candidate) { return candidate.name == name; });
    return spec == action.params.end() ? Expansion::verbatim : spec->expansion;
}

}  // namespace

Result<std::string> expand_text(std::string_view text, const std::map<std::string, std::string>& vars, Expansion how) {
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
        const std::string name(text.substr(at + 2, end - at - 2));
        const auto value = vars.find(name);
        if (value == vars.end()) {
            return fail(Fault::usage, fmt::format("`{}` has no value", base::printable(name)));
        }
        out.append(text.substr(0, at)).append(write_value(value->second, how));
        text.remove_prefix(end + 1);
    }
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

}  // namespace memrb::engine
