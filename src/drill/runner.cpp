#include "drill/runner.h"

#include "base/describe.h"

#include <exception>

namespace memrb::drill {

namespace {

Output output_of(std::string text, Bytes keep) {
    Output output;
    output.total = text.size();
    if (text.size() > keep) {
        const std::size_t half = keep / 2;
        output.tail = text.substr(text.size() - half);
        output.dropped = text.size() - 2 * half;
        text.resize(half);
    }
    output.head = std::move(text);
    return output;
}

Reply reply_to(const Request& request, World& world) {
    for (const Tool* tool : tools()) {
        if (auto reply = tool->answer(request, world)) {
            return *std::move(reply);
        }
    }
    if (std::holds_alternative<HttpRequest>(request)) {
        constexpr int not_found = 404;
        return says_http(not_found, "not part of this drill\n");
    }
    if (const auto* command = std::get_if<Command>(&request)) {
        Reply reply = not_played(command->argv.empty() ? "an empty command" : command->argv.front());
        reply.ending = NotStarted{.why = reply.err.substr(0, reply.err.size() - 1), .missing_tool = true};
        reply.err.clear();
        return reply;
    }
    Reply reply;
    reply.ending = NotStarted{"a drill does not play this"};
    return reply;
}

}  // namespace

Outcome DrillRunner::run(const Request& request, const RunContext& context, const Stop& stop) {
    try {
        if (const auto* wait = std::get_if<Wait>(&request)) {
            Outcome outcome;
            outcome.started = clock_.now();
            clock_.wait(wait->duration, stop);
            outcome.elapsed = wait->duration;
            outcome.ending = stop.requested() ? Ending(Interrupted{}) : Ending(Exited{0});
            return outcome;
        }
        const auto* memory = std::get_if<SampleMemory>(&request);
        return memory != nullptr ? sample(*memory, context, stop) : answer(request, context, stop);
    } catch (const std::exception& error) {  // the port promises not to throw
        Outcome outcome;
        outcome.ending = NotStarted{std::string("the drill could not do this: ") + error.what()};
        return outcome;
    }
}

Outcome DrillRunner::answer(const Request& request, const RunContext& context, const Stop& stop) {
    Outcome outcome;
    outcome.started = clock_.now();
    Reply reply = with_world([&](World& world) { return reply_to(request, world); });
    outcome.elapsed = reply.took;
    outcome.ending = std::move(reply.ending);
    outcome.out = output_of(std::move(reply.out), context.keep);
    outcome.err = output_of(std::move(reply.err), context.keep);
    if (std::holds_alternative<HttpStatus>(outcome.ending) && outcome.out.head.starts_with('{')) {
        outcome.headers = {{"content-type", "application/json"}};
    }
    if (reply.changes) {
        clock_.wait(reply.took, stop);
    }
    return outcome;
}

Outcome DrillRunner::sample(const SampleMemory& request, const RunContext& context, const Stop& stop) {
    Outcome last;
    last.ending = NotStarted{"there is no source to ask"};
    for (std::size_t i = 0; i < request.sources.size(); ++i) {
        if (std::holds_alternative<ReadCgroup>(request.sources[i])) {
            continue;  // another machine's kernel
        }
        const auto* http = std::get_if<HttpRequest>(&request.sources[i]);
        last = http != nullptr ? answer(*http, context, stop)
                               : answer(std::get<Command>(request.sources[i]), context, stop);
        last.source = i;
        if (last.ok()) {
            return last;
        }
    }
    if (!std::holds_alternative<NotStarted>(last.ending)) {
        last.ending = NotStarted{base::describe(last.ending)};
    }
    return last;
}

}  // namespace memrb::drill
