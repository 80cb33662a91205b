#include "scripted_runner.h"

#include "base/describe.h"

#include <algorithm>
#include <chrono>

namespace memrb::test {

namespace {

std::string key_of(const Request& request, const RunContext& context) {
    return std::holds_alternative<Wait>(request) ? context.step + " (wait)" : context.step;
}

Output output(std::string text) {
    Output output;
    output.total = text.size();
    output.head = std::move(text);
    return output;
}

}  // namespace

bool Meeting::arrive() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    all_here_.notify_all();
    return all_here_.wait_for(lock, std::chrono::seconds(20), [&] { return arrived_ >= parties_; });
}

Outcome exited(int code, std::string out, std::string err) {
    Outcome outcome = ended(Exited{code});
    outcome.out = output(std::move(out));
    outcome.err = output(std::move(err));
    return outcome;
}

Outcome answered(int status, std::string body) {
    Outcome outcome = ended(HttpStatus{status});
    outcome.out = output(std::move(body));
    return outcome;
}

Outcome ended(Ending ending) {
    Outcome outcome;
    outcome.ending = std::move(ending);
    outcome.elapsed = Milliseconds{100};
    return outcome;
}

Command command(std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    return command;
}

RunContext context_of(std::string step) {
    RunContext context;
    context.step = std::move(step);
    return context;
}

ScriptedRunner& ScriptedRunner::on(const std::string& step, Outcome outcome) {
    return on(step, [outcome = std::move(outcome)](const Request&, const RunContext&, const Stop&) { return outcome; });
}

ScriptedRunner& ScriptedRunner::on(const std::string& step, Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_[step].push_back(std::move(answer));
    return *this;
}

Outcome ScriptedRunner::run(const Request& request, const RunContext& context, const Stop& stop) {
    Answer answer;
    {
        const std::lock_guard lock(mutex_);
        calls_.push_back({context.step, request, context});
        answer = take(key_of(request, context));
        if (!answer) {
            unexpected_.push_back(key_of(request, context) + ": " + base::describe(request).front());
            return ended(NotStarted{"the test did not expect this request"});
        }
        ++now_;
        most_ = std::max(most_, now_);
    }
    Outcome outcome = answer(request, context, stop);
    const std::lock_guard lock(mutex_);
    --now_;
    return outcome;
}

ScriptedRunner::Answer ScriptedRunner::take(const std::string& key) {
    const auto found = answers_.find(key);
    if (found == answers_.end()) {
        return {};
    }
    Answer answer = std::move(found->second.front());
    found->second.pop_front();
    if (found->second.empty()) {
        answers_.erase(found);
    }
    return answer;
}

std::vector<ScriptedRunner::Call> ScriptedRunner::calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
}

std::vector<std::string> ScriptedRunner::order() const {
    std::vector<std::string> steps;
    for (const auto& call : calls()) {
        if (!std::holds_alternative<Wait>(call.request)) {
            steps.push_back(call.step);
        }
    }
    return steps;
}

std::size_t ScriptedRunner::most_at_once() const {
    const std::lock_guard lock(mutex_);
    return most_;
}

std::vector<std::string> ScriptedRunner::unexpected() const {
    const std::lock_guard lock(mutex_);
    return unexpected_;
}

std::vector<std::string> ScriptedRunner::unused() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> left;
    for (const auto& [key, answers] : answers_) {
        left.push_back(key);
    }
    return left;
}

}  // namespace memrb::test
