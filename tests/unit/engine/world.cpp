#include "world.h"

#include <algorithm>

namespace memrb::test {

Result<Event> MemoryJournal::append(EventBody body, bool /*durable*/) {
    ++attempts_;
    const std::uint64_t seq = events_.size() + 1;
    if (fails_from_ != 0 && seq >= fails_from_) {
        return fail(Fault::failed, "the disk is full");
    }
    events_.push_back({seq, Timestamp{} + std::chrono::seconds(seq), std::move(body)});
    return events_.back();
}

World::World() {
    runbook.id = "test";
    target.name = "backend";
    target.id = std::string(64, 'a');
    vars = {{"target", "backend"}};
}

World::~World() {
    CHECK(runner.unexpected() == std::vector<std::string>{});
    CHECK(runner.unused() == std::vector<std::string>{});
}

Expression World::jq(const std::string& text) {
    runbook.programs.push_back(text);
    return {runbook.programs.size() - 1, text, {}};
}

Step World::make(const StepSpec& spec) {
    Step step;
    step.id = spec.id;
    step.title = "title of " + spec.id;
    step.action = spec.action;
    if (!spec.argv.empty()) {
        step.params.set("argv", {.text = {}, .list = spec.argv, .pairs = {}});
    }
    if (!spec.text.empty()) {
        step.params.set(spec.action->body, {.text = spec.text, .list = {}, .pairs = {}});
    }
    if (!spec.when.empty()) {
        step.when = jq(spec.when);
    }
    if (!spec.expect.empty()) {
        step.expect = jq(spec.expect);
    }
    for (const auto& [name, program] : spec.captures) {
        step.captures.emplace_back(name, jq(program));
    }
    step.needs = spec.needs;
    step.needs_assessment = spec.needs_assessment;
    step.retry = spec.retry;
    step.risk = spec.risk;
    return step;
}

World& World::add(const StepSpec& spec) {
    const std::string group = spec.id.substr(0, spec.id.find('.'));
    auto& groups = runbook.diagnose;
    auto found = std::find_if(groups.begin(), groups.end(), [&](const StepGroup& other) { return other.id == group; });
    if (found == groups.end()) {
        found = groups.insert(groups.end(), StepGroup{group, {}, {}, {}});
    }
    found->steps.push_back(make(spec));
    return *this;
}

engine::Session World::session() const {
    return {runbook, target, host_containers, vars, tools, Timestamp{}, false};
}

std::vector<engine::StepResult> World::run() {
    return run(runner);
}

std::vector<engine::StepResult> World::run(Runner& with) {
    const engine::Programs programs(runbook.programs);
    std::vector<const Step*> steps;
    for (const auto& group : runbook.diagnose) {
        for (const auto& step : group.steps) {
            steps.push_back(&step);
        }
    }
    return engine::execute_reads(steps, session(), {with, log, programs, stop, jobs},
                                 [&](const std::vector<engine::StepResult>&) {
                                     ++assessed;
                                     return assess();
                                 });
}

engine::Diagnosis World::diagnose() {
    return diagnose(runner);
}

engine::Diagnosis World::diagnose(Runner& with) {
    const engine::Programs programs(runbook.programs);
    return engine::diagnose(session(), {with, log, programs, stop, jobs});
}

std::string told(const engine::StepResult& result) {
    std::string text(to_string(result.status));
    return result.why.empty() ? text : text + ": " + result.why;
}

std::vector<std::string> told(const std::vector<engine::StepResult>& results) {
    std::vector<std::string> all;
    all.reserve(results.size());
    for (const auto& result : results) {
        all.push_back(told(result));
    }
    return all;
}

}  // namespace memrb::test
