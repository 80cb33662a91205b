#include "base/jq.h"

#include <fmt/core.h>
#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>

extern "C" {
#include <jq.h>
#include <jv.h>
}

namespace memrb::base {

namespace {

struct JqDeleter {
    void operator()(jq_state* state) const { jq_teardown(&state); }
};
using JqHandle = std::unique_ptr<jq_state, JqDeleter>;

// libjq reports compile errors through a callback; the first one is the cause, the rest follow from it.
void collect_error(void* into, jv message) {
    auto& text = *static_cast<std::string*>(into);
    if (text.empty() && jv_get_kind(message) == JV_KIND_STRING) {
        text = jv_string_value(message);
    }
    jv_free(message);
}

// A program that closes a bracket it did not open could change its neighbours in the combined program.
std::optional<std::string> unbalanced(std::string_view program) {
    std::string open;
    bool in_string = false;
    for (std::size_t i = 0; i < program.size(); ++i) {
        const char c = program[i];
        if (in_string) {
            if (c == '\\' && i + 1 < program.size()) {
                ++i;
                if (program[i] == '(') {
                    open += '"';  // inside an interpolation: `)` returns to the string
                    in_string = false;
                }
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '#') {
            i = std::min(program.find('\n', i), program.size());
        } else if (c == '(' || c == '[' || c == '{') {
            open += c;
        } else if (c == ')' || c == ']' || c == '}') {
            const char opener = c == ')' ? '(' : c == ']' ? '[' : '{';
            if (c == ')' && !open.empty() && open.back() == '"') {
                in_string = true;
            } else if (open.empty() || open.back() != opener) {
                return fmt::format("`{}` closes nothing", c);
            }
            open.pop_back();
        }
    }
    if (in_string) {
        return "a string is never closed";
    }
    return open.empty() ? std::nullopt : std::optional(fmt::format("`{}` is never closed", open.back()));
}

// jq says `jq: error: syntax error, … at <top-level>, line 1:`; the place is meaningless in a combined program.
std::string tidy_message(std::string message) {
    for (const std::string_view prefix : {"jq: error: ", "error: "}) {
        if (message.starts_with(prefix)) {
            message.erase(0, prefix.size());
        }
    }
    if (const auto at = message.find(" at <top-level>"); at != std::string::npos) {
        message.erase(at);
    }
    if (const auto at = message.find(" (Unix shell quoting issues?)"); at != std::string::npos) {
        message.erase(at);
    }
    return message;
}

struct Compiled {
    JqHandle state;
    std::string error;
};

Compiled compile_text(const std::string& text) {
    Compiled compiled{JqHandle(jq_init()), {}};
    jq_set_error_cb(compiled.state.get(), collect_error, &compiled.error);
    if (jq_compile(compiled.state.get(), text.c_str()) == 0) {
        compiled.error = compiled.error.empty() ? "does not compile" : tidy_message(compiled.error);
        compiled.state.reset();
    }
    if (compiled.state) {
        jq_set_error_cb(compiled.state.get(), nullptr, nullptr);
    }
    return compiled;
}

// A condition depends on its input alone: what reads the environment, other inputs or writes to the terminal is taken
// away. The same program then says the same in a replay.
constexpr std::string_view no_side_effects =
    "def env: {}; def stderr: .; def debug: .; def input: error(\"there is no other input\"); def inputs: empty;"
    " def halt: error(\"halt is not possible here\"); def halt_error: halt; def halt_error($code): halt;"
    " def input_filename: null; def input_line_number: 0; def get_search_list: [];"
    " {} as $ENV | ";

// jq puts null before every number, so `.memory.ratio < 0.8` would hold for a ratio that is not known. Where the caller
// asks for it such a comparison is an error.
constexpr std::string_view order_of_nulls = R"(
. as $memrb_call
| def memrb_before($n): $memrb_call.program < $n;
def memrb_known: if . == null and $memrb_call.nulls then error("it compares null, which is not known") else . end;
def memrb_less($a; $b): $a < $b;
def memrb_lesseq($a; $b): $a <= $b;
def _less(a; b): (b | memrb_known) as $b | (a | memrb_known) as $a | memrb_less($a; $b);
def _lesseq(a; b): (b | memrb_known) as $b | (a | memrb_known) as $a | memrb_lesseq($a; $b);
def _greater(a; b): (b | memrb_known) as $b | (a | memrb_known) as $a | memrb_less($b; $a);
def _greatereq(a; b): (b | memrb_known) as $b | (a | memrb_known) as $a | memrb_lesseq($b; $a);
$memrb_call.in | )";

// The programs from `first` up to `last`, and which of them is meant. It is found by halves: a comparison costs more
// than most programs.
void choose(const std::vector<std::string>& programs, std::size_t first, std::size_t last, std::string& into) {
    if (last - first == 1) {
        into += fmt::format("({}\n) ", programs[first]);  // the newline ends a comment that the program may end with
        return;
    }
    const std::size_t middle = first + (last - first) / 2;
    into += fmt::format("if memrb_before({}) then ", middle);
    choose(programs, first, middle, into);
    into += "else ";
    choose(programs, middle, last, into);
    into += "end ";
}

std::string combine(const std::vector<std::string>& programs) {
    std::string all(no_side_effects);
    all += order_of_nulls;
    choose(programs, 0, programs.size(), all);
    return all;
}

std::string to_text(jv value) {
    const jv dumped = jv_dump_string(value, 0);
    std::string text(jv_string_value(dumped), static_cast<std::size_t>(jv_string_length_bytes(jv_copy(dumped))));
    jv_free(dumped);
    return text;
}

}  // namespace

struct JqInput::Value {
    jv json = jv_invalid();

    Value() = default;
    Value(const Value&) = delete;
    Value(Value&&) = delete;
    Value& operator=(const Value&) = delete;
    Value& operator=(Value&&) = delete;
    ~Value() { jv_free(json); }
};

JqInput::JqInput(std::unique_ptr<Value> value) : value_(std::move(value)) {}
JqInput::JqInput(JqInput&&) noexcept = default;
JqInput& JqInput::operator=(JqInput&&) noexcept = default;
JqInput::~JqInput() = default;

Result<JqInput> JqInput::parse(std::string_view text) {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return fail(Fault::failed, "the input is too large");
    }
    auto value = std::make_unique<Value>();
    value->json = jv_parse_sized(text.data(), static_cast<int>(text.size()));
    if (!jv_is_valid(value->json)) {
        return fail(Fault::failed, "the input is no JSON");
    }
    return JqInput(std::move(value));
}

struct JqSet::State {
    JqHandle jq;
    std::size_t count = 0;
    std::mutex turn;
};

JqSet::JqSet(std::unique_ptr<State> state) : state_(std::move(state)) {}
JqSet::JqSet(JqSet&&) noexcept = default;
JqSet& JqSet::operator=(JqSet&&) noexcept = default;
JqSet::~JqSet() = default;

tl::expected<JqSet, JqError> JqSet::compile(std::vector<std::string> programs) {
    auto state = std::make_unique<State>();
    state->count = programs.size();
    if (programs.empty()) {
        return JqSet(std::move(state));
    }
    for (std::size_t i = 0; i < programs.size(); ++i) {
        if (auto why = unbalanced(programs[i])) {
            return tl::unexpected(JqError{i, *why});
        }
    }
    auto all = compile_text(combine(programs));
    if (all.state) {
        state->jq = std::move(all.state);
        return JqSet(std::move(state));
    }
    for (std::size_t i = 0; i < programs.size(); ++i) {  // only now is it worth the time to find the culprit
        if (auto one = compile_text(std::string(no_side_effects) + "(" + programs[i] + "\n)"); !one.state) {
            return tl::unexpected(JqError{i, one.error});
        }
    }
    return tl::unexpected(JqError{0, all.error});
}

Result<std::string> JqSet::evaluate(std::size_t index, std::string_view input, NullOrder nulls) const {
    const auto parsed = JqInput::parse(input);
    return parsed ? evaluate(index, *parsed, nulls) : tl::unexpected(parsed.error());
}

Result<std::string> JqSet::evaluate(std::size_t index, const JqInput& input, NullOrder nulls) const {
    if (index >= state_->count) {
        return fail(Fault::failed, fmt::format("there is no jq program {}", index));
    }
    const std::lock_guard lock(state_->turn);
    jv call = jv_object_set(jv_object(), jv_string("program"), jv_number(static_cast<double>(index)));
    call = jv_object_set(call, jv_string("nulls"), nulls == NullOrder::unknown ? jv_true() : jv_false());
    jq_start(state_->jq.get(), jv_object_set(call, jv_string("in"), jv_copy(input.value_->json)), 0);
    const jv result = jq_next(state_->jq.get());
    jq_start(state_->jq.get(), jv_null(), 0);  // lets the input go: it is another thread's when this one has ended
    if (jv_is_valid(result)) {
        return to_text(result);
    }
    if (!jv_invalid_has_msg(jv_copy(result))) {  // no value at all
        jv_free(result);
        return std::string("null");
    }
    const jv message = jv_invalid_get_msg(result);
    std::string why =
        jv_get_kind(message) == JV_KIND_STRING ? std::string(jv_string_value(message)) : std::string("error");
    jv_free(message);
    return fail(Fault::failed, std::move(why));
}

}  // namespace memrb::base
