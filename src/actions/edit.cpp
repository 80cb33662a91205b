#include "actions/compose_project.h"
#include "actions/ending.h"
#include "base/text.h"
#include "memrb/action.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

namespace memrb::actions {

extern const ActionType edit_action;

namespace {

using Json = nlohmann::json;

Result<void> check(const Params& params) {
    if (params.has("memory") == params.has("restore")) {
        return fail(Fault::usage, "`edit` needs either `memory` or `restore`");
    }
    if (params.has("restore") != params.has("file") || params.has("left_as") > params.has("restore")) {
        return fail(Fault::usage, "`restore` needs `file`, and only it takes `file` and `left_as`");
    }
    return {};
}

// A copy of the file is kept, and put back by the undo.
Risk risk(const Params& /*params*/) {
    return Risk::reversible;
}

// What Docker reads as an amount of memory: 512m, 1.5G, 536870912, 512MiB.
bool is_amount(std::string_view text) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto* at = std::find_if_not(text.begin(), text.end(), digit);
    if (at == text.begin()) {
        return false;
    }
    if (at != text.end() && *at == '.') {
        const auto* after = std::find_if_not(at + 1, text.end(), digit);
        if (after == at + 1) {
            return false;
        }
        at = after;
    }
    std::string unit(at, text.end());
    std::transform(unit.begin(), unit.end(), unit.begin(), [](unsigned char c) { return std::tolower(c); });
    constexpr std::array<std::string_view, 11> units{"", "b", "k", "kb", "kib", "m", "mb", "mib", "g", "gb", "gib"};
    return std::find(units.begin(), units.end(), unit) != units.end();
}

Result<Request> plan(const Params& params, const ActionContext& context) {
    if (params.has("restore")) {
        return FileEdit{{params.text("file")}, {}, "", params.text("restore"), params.text("left_as"), false};
    }
    const auto& compose = context.target.compose;
    if (!compose || compose->service.empty()) {
        return fail(Fault::no_data, fmt::format("{} is not a Compose service", context.target.name));
    }
    const std::string& value = params.text("memory");
    if (!is_amount(value)) {
        return fail(Fault::usage, fmt::format("`{}` is no amount of memory", base::printable(value)),
                    "for example 512m or 2g");
    }
    FileEdit edit;
    edit.files = compose_files(*compose);
    if (edit.files.empty()) {
        return fail(Fault::no_data, "the Compose file was read from a pipe: nobody knows where it is");
    }
    edit.places = {{"services", compose->service, "mem_limit"},
                   {"services", compose->service, "deploy", "resources", "limits", "memory"}};
    edit.value = value;
    return edit;
}

std::string note_of(const Output& out) {
    const Json answer = Json::parse(out.text(), nullptr, false);
    if (!answer.is_object() || !answer.contains("file")) {
        return {};
    }
    if (answer.contains("restored")) {
        return fmt::format("{} is as it was", answer["file"].get<std::string>());
    }
    const Json& lines = answer["lines"];
    if (lines.empty()) {
        return "nothing to change: the value is there already";
    }
    const Json& before = answer["before"];
    return fmt::format("{}:{}: {} -> {}", answer["file"].get<std::string>(), lines[0]["number"].get<int>(),
                       before.is_string() ? before.get<std::string>() : "not set", answer["value"].get<std::string>());
}

Interpretation interpret(const Params& /*params*/, const ActionContext& /*context*/, const Outcome& outcome) {
    auto interpretation = interpret_plain("edit", outcome);
    if (outcome.ok()) {
        interpretation.note = note_of(outcome.out);
    }
    return interpretation;
}

}  // namespace

const ActionType edit_action{
    .name = "edit",
    .help = "Set the memory limit of the target's service in its Compose file, all else left as it is",
    .body = "memory",
    .params = {{.name = "memory", .kind = ParamKind::text, .help = "the new limit, as Docker writes it: 512m, 2g"},
               {.name = "file", .kind = ParamKind::text, .help = "with restore: the file that was edited"},
               {.name = "restore", .kind = ParamKind::text, .help = "instead: the copy of the file to put back"},
               {.name = "left_as",
                .kind = ParamKind::text,
                .help = "with restore: SHA-256 of the file as the edit left it; if it differs, nothing is done"}},
    .check = check,
    .risk = risk,
    .plan = plan,
    .interpret = interpret,
};

}  // namespace memrb::actions
