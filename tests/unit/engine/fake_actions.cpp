#include "fake_actions.h"

#include "base/text.h"

#include <charconv>
#include <stdexcept>

namespace memrb::test {

namespace {

Result<void> fine(const Params& /*params*/) {
    return {};
}

Risk reads(const Params& /*params*/) {
    return Risk::read;
}

Bytes to_bytes(std::string_view text) {
    Bytes bytes = 0;
    std::from_chars(text.data(), text.data() + text.size(), bytes);
    return bytes;
}

Result<Request> plan_argv(const Params& params, const ActionContext& /*context*/) {
    Command command;
    command.argv = params.list("argv");
    return command;
}

MemoryReading read_memory(std::string_view words) {
    const auto parts = base::split(words, ' ');
    MemoryReading reading;
    reading.used = to_bytes(parts.at(0));
    reading.limit = to_bytes(parts.at(1));
    reading.source = "probe";
    return reading;
}

Interpretation interpret_lines(const Params& /*params*/, const ActionContext& /*context*/, const Outcome& outcome) {
    Interpretation read;
    for (const std::string_view line : base::lines(outcome.out.head)) {
        const auto after = [&](std::string_view word) { return line.substr(std::min(word.size(), line.size())); };
        if (line.starts_with("memory ")) {
            MemoryReading memory = read_memory(after("memory "));
            memory.at = outcome.started;
            read.readings.emplace_back(std::move(memory));
        } else if (line.starts_with("restarts ")) {
            StateReading state;
            state.running = true;
            state.restarts = to_bytes(after("restarts "));
            read.readings.emplace_back(std::move(state));
        } else if (line.starts_with("kills ")) {
            OomCheck check{OomSource::cgroup_counter, {}, {}};
            if (const auto count = to_bytes(after("kills ")); count > 0) {
                check.sightings.push_back({OomLevel::process, std::nullopt, count, ""});
            }
            read.readings.emplace_back(std::move(check));
        } else if (line.starts_with("nothing ")) {
            read.readings.emplace_back(NoData{"probe", std::string(after("nothing "))});
        } else if (line.starts_with("skipped ")) {
            read.skipped = after("skipped ");
        } else if (line.starts_with("warning ")) {
            read.warnings.emplace_back(after("warning "));
        } else if (line.starts_with("note ")) {
            read.note = after("note ");
        }
    }
    return read;
}

Result<Request> plan_query(const Params& params, const ActionContext& /*context*/) {
    HttpRequest request;
    request.url = "http://prometheus?query=" + params.text("query");
    return request;
}

Result<Request> plan_script(const Params& params, const ActionContext& context) {
    Command command;
    command.argv = {"/bin/sh", "-c", params.text("script")};
    for (const auto& [name, value] : context.vars) {
        command.env.emplace_back(name, value);
    }
    return command;
}

Result<Request> plan_task(const Params& params, const ActionContext& /*context*/) {
    return HumanTask{params.text("text")};
}

Result<Request> plan_edit(const Params& params, const ActionContext& /*context*/) {
    return FileEdit{{"compose.yml"}, {{"services", "backend", "mem_limit"}}, params.text("value"), "", "", false};
}

Result<Request> plan_elsewhere(const Params& /*params*/, const ActionContext& context) {
    return fail(Fault::no_data, context.target.name + " is not a Compose service");
}

Result<Request> plan_fails(const Params& /*params*/, const ActionContext& /*context*/) {
    return fail(Fault::missing_tool, "docker is not installed", "install docker-ce-cli");
}

Interpretation throws(const Params& /*params*/, const ActionContext& /*context*/, const Outcome& /*outcome*/) {
    throw std::runtime_error("type must be string, but is \x1b[31m");
}

using Plan = Result<Request> (*)(const Params&, const ActionContext&);
using Interpret = Interpretation (*)(const Params&, const ActionContext&, const Outcome&);

ActionType with_one_param(std::string_view name, ParamSpec param, Plan plan, Interpret interpret = interpret_lines) {
    const std::string_view body = param.name;
    return {.name = name,
            .help = "a fake",
            .body = body,
            .params = {std::move(param)},
            .check = fine,
            .risk = reads,
            .plan = plan,
            .interpret = interpret};
}

std::optional<Params> ask_only(const Params& params) {
    auto words = params.list("argv");
    words.emplace_back("--only-asking");
    Params asked = params;
    asked.set("argv", Param{{}, std::move(words), {}});
    return asked;
}

ActionType with_rehearsal(ActionType type) {
    type.rehearse = ask_only;
    return type;
}

Interpretation leaves_open(const Params& /*params*/, const ActionContext& /*context*/, const Outcome& /*outcome*/) {
    Interpretation read;
    read.readings.emplace_back(NoData{"probe", "the answer was lost"});
    read.unclear = true;
    return read;
}

ParamSpec argv() {
    return {.name = "argv", .kind = ParamKind::argv, .help = "words"};
}

ParamSpec text(std::string_view name, Expansion expansion = Expansion::verbatim) {
    return {.name = name, .help = "a text", .expansion = expansion};
}

}  // namespace

const ActionType probe = with_one_param("probe", argv(), plan_argv);
const ActionType askable = with_rehearsal(with_one_param("askable", argv(), plan_argv));
const ActionType open_ended = with_one_param("open_ended", argv(), plan_argv, leaves_open);
const ActionType ask = with_one_param("ask", text("query", Expansion::promql), plan_query);
const ActionType script = with_one_param("script", text("script", Expansion::none), plan_script);
const ActionType task = with_one_param("task", text("text"), plan_task);
const ActionType edit = with_one_param("edit", text("value"), plan_edit);
const ActionType elsewhere = with_one_param("elsewhere", argv(), plan_elsewhere);
const ActionType unplannable = with_one_param("unplannable", argv(), plan_fails);
const ActionType thrower = with_one_param("thrower", argv(), plan_argv, throws);

}  // namespace memrb::test
