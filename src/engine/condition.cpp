#include "engine/condition.h"

#include "base/text.h"
#include "wire/document.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace memrb::engine {

namespace {

using Json = nlohmann::json;

// Output may hold any bytes; JSON text holds only UTF-8.
std::string json_string(std::string_view text) {
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view without_final_newline(std::string_view text) {
    const auto last = text.find_last_not_of("\r\n");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// Deeper nesting than jq reads (256) would make every condition over the facts fail that hold such a capture.
bool is_json(std::string_view text) {
    constexpr wire::DocumentLimits limits{
        .bytes = std::string::npos, .depth = 200, .members = std::string::npos, .all_members = std::string::npos};
    return wire::within_limits(text, limits) && Json::accept(text);
}

bool is_object_or_array(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[') && is_json(text);
}

template <class End>
std::string number_of(const Ending& ending, int End::* number) {
    const auto* end = std::get_if<End>(&ending);
    return end == nullptr ? "null" : std::to_string(end->*number);
}

}  // namespace

ConditionInput::ConditionInput(std::string text) : text_(std::move(text)) {
    if (auto json = Json::parse(text_, nullptr, false); !json.is_discarded()) {
        json_ = std::move(json);
    }
}

const base::JqInput* ConditionInput::for_jq() const {
    if (!for_jq_) {
        for_jq_ = base::JqInput::parse(text_);
    }
    return *for_jq_ ? &**for_jq_ : nullptr;
}

Programs::Programs(std::vector<std::string> programs) : programs_(std::move(programs)) {
    plain_.reserve(programs_.size());
    for (const auto& program : programs_) {
        plain_.push_back(PlainCondition::parse(program));
    }
}

void Programs::begin() const {
    std::call_once(begun_, [this] {
        compiled_ = std::async(std::launch::async, [this] {
                        return std::make_shared<Compiled>(base::JqSet::compile(programs_));
                    }).share();
    });
}

const base::JqSet* Programs::compiled() const {
    begin();
    const auto& set = *compiled_.get();
    return set ? &*set : nullptr;
}

const PlainCondition* Programs::plain(const Expression& expression) const {
    return expression.index < plain_.size() && plain_[expression.index] ? &*plain_[expression.index] : nullptr;
}

Result<std::string> Programs::evaluate(const Expression& expression, std::string_view input) const {
    const auto* set = compiled();
    return set != nullptr ? set->evaluate(expression.index, input)
                          : fail(Fault::usage, fmt::format("jq: {}", compiled_.get()->error().message));
}

Truth Programs::test(const Expression& expression, const ConditionInput& input) const {
    if (const auto* condition = plain(expression)) {
        const auto holds = input.json() ? condition->test(*input.json()) : std::nullopt;
        return holds ? (*holds ? Truth::yes : Truth::no) : Truth::unknown;
    }
    const auto* read = input.for_jq();
    const auto* set = read != nullptr ? compiled() : nullptr;
    const auto value = set != nullptr ? set->evaluate(expression.index, *read, base::NullOrder::unknown)
                                      : fail(Fault::usage, "it does not compile");
    if (!value || *value == "null") {
        return Truth::unknown;
    }
    return *value == "false" ? Truth::no : Truth::yes;
}

Truth Programs::test(const Expression& expression, std::string_view input) const {
    return test(expression, ConditionInput(std::string(input)));
}

std::string step_output_json(const Outcome& outcome) {
    const std::string text = outcome.out.text();
    const bool whole = !outcome.out.truncated();
    if (const auto* status = std::get_if<HttpStatus>(&outcome.ending)) {
        return fmt::format(R"({{"status":{},"stdout":{},"json":{}}})", status->code, json_string(text),
                           whole && is_json(text) ? text : "null");
    }
    if (whole && is_object_or_array(text)) {
        return text;
    }
    return fmt::format(R"({{"stdout":{},"stderr":{},"exit":{},"signal":{}}})", json_string(without_final_newline(text)),
                       json_string(without_final_newline(outcome.err.text())), number_of(outcome.ending, &Exited::code),
                       number_of(outcome.ending, &Signalled::signal));
}

}  // namespace memrb::engine
