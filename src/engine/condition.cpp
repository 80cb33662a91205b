#include "engine/condition.h"

#include "base/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace memrb::engine {

namespace {

using Json = nlohmann::json;

Json parse_quietly(const std::string& text) {
    return Json::parse(text, nullptr, false);
}

// Output may hold any bytes; JSON text holds only UTF-8.
Json as_text(const std::string& text) {
    return parse_quietly(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string without_final_newline(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.pop_back();
    }
    return text;
}

}  // namespace

Programs::Programs(std::vector<std::string> programs)
    : compiled_(std::async(std::launch::async, [all = std::move(programs)]() mutable {
                    return std::make_shared<Compiled>(base::JqSet::compile(std::move(all)));
                }).share()) {}

Result<std::string> Programs::evaluate(const Expression& expression, std::string_view input) const {
    const Compiled& compiled = *compiled_.get();
    if (!compiled) {
        return fail(Fault::usage, fmt::format("jq: {}", compiled.error().message));
    }
    return compiled->evaluate(expression.index, input);
}

Truth Programs::test(const Expression& expression, std::string_view input) const {
    const auto value = evaluate(expression, input);
    if (!value || *value == "null") {
        return Truth::unknown;
    }
    return *value == "false" ? Truth::no : Truth::yes;
}

std::string step_output_json(const Outcome& outcome) {
    const std::string text = outcome.out.text();
    Json json;
    if (const auto* status = std::get_if<HttpStatus>(&outcome.ending)) {
        json["status"] = status->code;
        json["stdout"] = as_text(text);
        json["json"] = outcome.out.truncated() ? Json() : parse_quietly(text);
        if (json["json"].is_discarded()) {
            json["json"] = nullptr;
        }
        return json.dump();
    }
    if (!outcome.out.truncated()) {
        json = parse_quietly(text);
        if (json.is_structured()) {
            return json.dump(-1, ' ', false, Json::error_handler_t::replace);
        }
    }
    json = Json::object();
    json["stdout"] = as_text(without_final_newline(text));
    json["stderr"] = as_text(without_final_newline(outcome.err.text()));
    const auto* exited = std::get_if<Exited>(&outcome.ending);
    const auto* signalled = std::get_if<Signalled>(&outcome.ending);
    json["exit"] = exited == nullptr ? Json() : Json(exited->code);
    json["signal"] = signalled == nullptr ? Json() : Json(signalled->signal);
    return json.dump();
}

}  // namespace memrb::engine
