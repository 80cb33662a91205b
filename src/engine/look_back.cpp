#include "engine/look_back.h"

#include "engine/inputs.h"
#include "engine/pin.h"
#include "engine/preflight.h"
#include "engine/step_run.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::engine {

namespace {

using Says = LookBack::Says;

std::optional<Bytes> bytes_of(const Limit& limit) {
    const auto* bytes = std::get_if<Bytes>(&limit);
    return bytes == nullptr ? std::nullopt : std::optional(*bytes);
}

// The last one that changes anything: only then what the checks expect is meant to hold.
bool is_last_change(const Interruption& at, const StepProgress& step) {
    const auto here =
        std::find_if(at.steps.begin(), at.steps.end(), [&](const StepProgress& one) { return one.step == step.step; });
    return here != at.steps.end() && std::all_of(here + 1, at.steps.end(), [](const StepProgress& one) {
               return one.settled() || one.step->risk == Risk::read;
           });
}

// Nothing if none of them expects anything; else the first that does not hold, empty: all hold.
std::optional<std::string> first_that_fails(const Interruption& at, const Diagnosis& diagnosis, const Session& session,
                                            const Instruments& instruments) {
    KnownResults known;
    for (const auto& step : diagnosis.steps) {
        known.emplace(step.step->id, &step);
    }
    for (const auto& step : at.steps) {
        if (step.settled()) {
            known.insert_or_assign(step.step->id, &step.result);
        }
    }
    bool any = false;
    for (const auto& check : at.option->verify) {
        if (!check.expect || check.risk != Risk::read) {
            continue;
        }
        const Inputs inputs = gather_inputs(check, known, {session.target, session.vars, diagnosis.assessment});
        const StepResult result = run_step(check, inputs, session, instruments);
        if (result.status == StepStatus::skipped) {
            continue;
        }
        any = true;
        if (result.status != StepStatus::ok) {
            return fmt::format("{} {}: {}", check.id, to_string(result.status), result.why);
        }
    }
    return any ? std::optional(std::string()) : std::nullopt;
}

}  // namespace

LookBack look_back(const Interruption& at, const StepProgress& step, const Diagnosis& diagnosis, const Session& session,
                   const Instruments& instruments) {
    if (!at.target) {
        return {};
    }
    const Target& before = *at.target;
    const Target& now = session.target;
    const std::string moved = how_moved(before, now, true);
    const auto limit_before = bytes_of(before.limit);
    const auto limit_now = bytes_of(now.limit);
    // A limit in a file is not yet one that holds.
    const bool at_once = step.request && std::holds_alternative<Command>(*step.request);
    const auto wanted = at_once ? limit_set_by(*step.request) : std::nullopt;
    if (wanted && limit_now && limit_before != wanted) {
        if (*limit_now == *wanted) {
            return {Says::done, fmt::format("the limit is {} now, as it sets it", format_bytes(*wanted))};
        }
        if (limit_before == limit_now && moved.empty()) {
            return {Says::not_done,
                    fmt::format("the limit is {} as before, not {}", format_bytes(*limit_now), format_bytes(*wanted))};
        }
    }
    const bool changed = !moved.empty() || limit_before != limit_now;
    if (changed && !at.undo && is_last_change(at, step)) {
        const auto failing = first_that_fails(at, diagnosis, session, instruments);
        if (failing && failing->empty()) {
            return {Says::done, fmt::format("{}, and the checks of {} hold",
                                            moved.empty() ? "its limit has changed" : moved, at.option->id)};
        }
        if (failing) {
            return {Says::nothing, *failing};
        }
    }
    return {Says::nothing, moved.empty() ? "the target looks as it did before" : moved};
}

}  // namespace memrb::engine
