#include "engine/edit_look.h"

#include "base/describe.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace memrb::engine {

namespace {

using Json = nlohmann::json;

void add_line(const Json& line, std::vector<std::string>& into) {
    const auto number = line.value("number", 0);
    const bool replaced = line["removed"].is_string();
    if (replaced) {
        into.push_back(fmt::format("- {}: {}", number, line["removed"].get<std::string>()));
    }
    int at = replaced ? number : number + 1;
    for (const auto& added : line["added"]) {
        into.push_back(fmt::format("+ {}: {}", at++, added.get<std::string>()));
    }
}

}  // namespace

Result<std::vector<std::string>> look_at(const FileEdit& edit, const Instruments& instruments) {
    FileEdit look = edit;
    look.preview = true;
    const Outcome outcome = instruments.runner.run(look, RunContext{}, instruments.stop);
    if (std::holds_alternative<Previewed>(outcome.ending)) {
        return std::vector<std::string>{};
    }
    if (!outcome.ok()) {
        return fail(Fault::failed, base::describe(outcome.ending));
    }
    std::vector<std::string> difference;
    const Json answer = Json::parse(outcome.out.text(), nullptr, false);
    if (answer.is_object() && answer.contains("lines")) {
        for (const auto& line : answer["lines"]) {
            add_line(line, difference);
        }
        difference.insert(difference.begin(), difference.empty() ? "nothing to change: the value is there already"
                                                                 : fmt::format("in {}:", answer.value("file", "")));
    }
    return difference;
}

}  // namespace memrb::engine
