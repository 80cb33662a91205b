#include "engine/condition.h"

#include "base/text.h"
#include "wire/document.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace memrb::engine {

namespace {

using Json = nlohmann::json;

// jq puts null before every number, so `.memory.ratio < 0.8` would hold for a ratio that is not known. In a condition
// such a comparison is an error, and the condition unknown; captures keep jq's own order.
constexpr std::string_view careful_order = R"(
. as $memrb_call
| def memrb_known: if . == null and $memrb_call.careful then error("it compares null, which is not known") else . end;
def memrb_less($a; $b): $a < $b;
def memrb_lesseq($a; $b): $a <= $b;
def _less(a; b): (b | memrb_known) as $b | (a | memrb_known) as $a | memrb_less($a; $b);
def _lesseq(a; b): (b | memrb_known) as $b | (a | memrb_known) as $a | memrb_lesseq($a; $b);
def _greater(a; b): (b | memrb_known) as $b | (a | memrb_known) as $a | memrb_less($b; $a);
def _greatereq(a; b): (b | memrb_known) as $b | (a | memrb_known) as $a | memrb_lesseq($b; $a);
$memrb_call.in | )";

// All programs as one, so that the definitions above are compiled once: they cost more than most conditions.
std::string as_one(const std::vector<std::string>& programs) {
    std::string all(careful_order);
    for (std::size_t i = 0; i < programs.size(); ++i) {
        // The newline ends a comment that the program may end with.
        all += fmt::format("{} $memrb_call.program == {} then ({}\n) ", i == 0 ? "if" : "elif", i, programs[i]);
    }
    return programs.empty() ? "null" : all + "else null end";
}

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

Programs::Programs(std::vector<std::string> programs)
    : compiled_(std::async(std::launch::async, [all = std::move(programs)] {
                    return std::make_shared<Compiled>(base::JqSet::compile({as_one(all)}));
                }).share()) {}

Result<std::string> Programs::evaluate(const Expression& expression, std::string_view input) const {
    return call(expression, input, false);
}

Result<std::string> Programs::call(const Expression& expression, std::string_view input, bool careful) const {
    const Compiled& compiled = *compiled_.get();
    if (!compiled) {
        return fail(Fault::usage, fmt::format("jq: {}", compiled.error().message));
    }
    return compiled->evaluate(
        0, fmt::format(R"({{"program":{},"careful":{},"in":{}}})", expression.index, careful, input));
}

Truth Programs::test(const Expression& expression, std::string_view input) const {
    const auto value = call(expression, input, true);
    if (!value || *value == "null") {
        return Truth::unknown;
    }
    return *value == "false" ? Truth::no : Truth::yes;
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
