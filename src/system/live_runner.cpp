#include "system/live_runner.h"

#include "base/describe.h"
#include "base/text.h"
#include "system/cgroup.h"
#include "system/file_edit.h"
#include "system/http.h"
#include "system/pause.h"
#include "system/process.h"
#include "system/stopwatch.h"

#include <fmt/core.h>
#include <algorithm>
#include <exception>
#include <string_view>

namespace memrb::system {

namespace {

Outcome not_started(std::string why) {
    Outcome outcome;
    outcome.ending = NotStarted{.why = std::move(why)};
    return outcome;
}

// Program and method alone: arguments, addresses and bodies may hold secrets.
std::string line_of(const Request& request, const RunContext& context, const Outcome& outcome) {
    std::string_view what = "wait";
    if (const auto* command = std::get_if<Command>(&request)) {
        what = command->argv.empty() ? std::string_view("no program") : std::string_view(command->argv.front());
    } else if (const auto* http = std::get_if<HttpRequest>(&request)) {
        what = http->method;
    } else if (std::holds_alternative<SampleMemory>(request)) {
        what = "memory";
    } else if (std::holds_alternative<FileEdit>(request)) {
        what = "edit";
    }
    return fmt::format("{} {}: {}, {} ms, {} + {} bytes", context.step, what, base::describe(outcome.ending),
                       outcome.elapsed.count(), outcome.out.total, outcome.err.total);
}

Outcome wait_for(const Wait& wait, const Stop& stop) {
    const Stopwatch watch;
    Outcome outcome;
    outcome.ending = Exited{0};
    pause_for(wait.duration, stop);
    if (stop.requested()) {
        outcome.ending = Interrupted{};
    }
    watch.stamp(outcome);
    return outcome;
}

/// Why no source answered, in their order.
class Failures {
public:
    void add(const Outcome& outcome) {
        const auto* not_started = std::get_if<NotStarted>(&outcome.ending);
        std::string why = not_started == nullptr ? base::describe(outcome.ending) : not_started->why;
        // What a tool says of its own failure, or a server of its 500: one line is enough.
        constexpr std::size_t widest = 160;
        const std::string said =
            base::fit(base::first_line(outcome.err.head.empty() ? outcome.out.head : outcome.err.head), widest);
        if (not_started == nullptr && !said.empty()) {
            why += ": " + said;
        }
        all_.why += (all_.why.empty() ? "" : "; ") + why;
        all_.missing_tool = all_.missing_tool && not_started != nullptr && not_started->missing_tool;
        all_.denied = all_.denied && not_started != nullptr && not_started->denied;
    }
    [[nodiscard]] NotStarted together() const {
        return all_.why.empty() ? NotStarted{.why = "there is no source to ask"} : all_;
    }

private:
    NotStarted all_{.why = {}, .missing_tool = true, .denied = true};  ///< both hold only if they hold for each
};

}  // namespace

Outcome LiveRunner::run(const Request& request, const RunContext& context, const Stop& stop) {
    try {
        Outcome outcome = dispatch(request, context, stop);
        if (log_ != nullptr && log_->on()) {
            log_->write(line_of(request, context, outcome));
        }
        return outcome;
    } catch (const std::exception& error) {  // no memory: the port promises not to throw
        return not_started(std::string("memrb could not do this step: ") + error.what());
    }
}

Outcome LiveRunner::dispatch(const Request& request, const RunContext& context, const Stop& stop) {
    if (const auto* command = std::get_if<Command>(&request)) {
        return run_command(*command, context, stop, secrets_);
    }
    if (const auto* http = std::get_if<HttpRequest>(&request)) {
        return exchange(*http, context, stop);
    }
    if (const auto* memory = std::get_if<SampleMemory>(&request)) {
        return sample(*memory, context, stop);
    }
    if (const auto* edit = std::get_if<FileEdit>(&request)) {
        return run_file_edit(*edit, context);
    }
    if (const auto* wait = std::get_if<Wait>(&request)) {
        return wait_for(*wait, stop);
    }
    return not_started("a person's answer is needed");
}

Outcome LiveRunner::exchange(const HttpRequest& request, const RunContext& context, const Stop& stop) {
    return request.token_command.empty() ? run_http(request, context, stop, secrets_)
                                         : authorised_.run(request, context, stop);
}

Outcome LiveRunner::sample(const SampleMemory& request, const RunContext& context, const Stop& stop) {
    const Stopwatch watch;
    const auto begun = std::chrono::steady_clock::now();
    Failures failures;
    for (std::size_t i = 0; i < request.sources.size(); ++i) {
        RunContext share = context;
        if (context.timeout.count() > 0) {
            // One that hangs must leave time for those after it.
            const auto spent = std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now() - begun);
            const auto left = static_cast<Milliseconds::rep>(request.sources.size() - i);
            share.timeout = std::max((context.timeout - spent) / left, Milliseconds{1});
        }
        Outcome outcome = ask(request.sources[i], share, stop);
        outcome.source = i;
        if (outcome.ok() || std::holds_alternative<Interrupted>(outcome.ending)) {
            watch.stamp(outcome);
            return outcome;
        }
        failures.add(outcome);
    }
    Outcome outcome;
    outcome.ending = failures.together();
    watch.stamp(outcome);
    return outcome;
}

Outcome LiveRunner::ask(const SampleMemory::Source& source, const RunContext& context, const Stop& stop) {
    if (const auto* files = std::get_if<ReadCgroup>(&source)) {
        return read_cgroups(*files, clock_.now());
    }
    if (const auto* http = std::get_if<HttpRequest>(&source)) {
        return exchange(*http, context, stop);
    }
    return run_command(std::get<Command>(source), context, stop, secrets_);
}

}  // namespace memrb::system
