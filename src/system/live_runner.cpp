#include "system/live_runner.h"

#include "base/describe.h"
#include "system/cgroup.h"
#include "system/http.h"
#include "system/process.h"
#include "system/stopwatch.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace memrb::system {

namespace {

Outcome not_started(std::string why) {
    Outcome outcome;
    outcome.ending = NotStarted{std::move(why), false, false};
    return outcome;
}

Outcome wait_for(const Wait& wait, const Stop& stop) {
    const Stopwatch watch;
    const auto until = std::chrono::steady_clock::now() + wait.duration;
    Outcome outcome;
    outcome.ending = Exited{0};
    while (!stop.requested()) {
        const auto left = std::chrono::ceil<Milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            break;
        }
        pollfd waiting{stop.poll_fd(), POLLIN, 0};
        constexpr Milliseconds longest{60'000};
        poll(&waiting, stop.poll_fd() >= 0 ? 1 : 0, static_cast<int>(std::min(left, longest).count()));
    }
    if (stop.requested()) {
        outcome.ending = Interrupted{};
    }
    watch.stamp(outcome);
    return outcome;
}

}  // namespace

Outcome LiveRunner::run(const Request& request, const RunContext& context, const Stop& stop) {
    if (const auto* command = std::get_if<Command>(&request)) {
        return run_command(*command, context, stop);
    }
    if (const auto* http = std::get_if<HttpRequest>(&request)) {
        return run_http(*http, context, stop);
    }
    if (const auto* memory = std::get_if<SampleMemory>(&request)) {
        return sample(*memory, context, stop);
    }
    if (const auto* wait = std::get_if<Wait>(&request)) {
        return wait_for(*wait, stop);
    }
    return not_started("a person's answer is needed");
}

Outcome LiveRunner::sample(const SampleMemory& request, const RunContext& context, const Stop& stop) {
    std::string reasons;
    for (std::size_t i = 0; i < request.sources.size(); ++i) {
        const auto& source = request.sources[i];
        Outcome outcome;
        if (const auto* files = std::get_if<ReadCgroup>(&source)) {
            outcome = read_cgroups(*files, clock_.now());
        } else if (const auto* http = std::get_if<HttpRequest>(&source)) {
            outcome = run_http(*http, context, stop);
        } else {
            outcome = run_command(std::get<Command>(source), context, stop);
        }
        outcome.source = i;
        if (outcome.ok() || std::holds_alternative<Interrupted>(outcome.ending)) {
            return outcome;
        }
        reasons += (reasons.empty() ? "" : "; ") + base::describe(outcome.ending);
    }
    return not_started(reasons.empty() ? "there is no source to ask" : reasons);
}

}  // namespace memrb::system
