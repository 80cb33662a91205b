#include "engine/execute.h"

#include "engine/step_run.h"

#include <fmt/format.h>
#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

namespace memrb::engine {

namespace {

// A captured JSON value as it is written into a command: strings bare, all else as JSON.
std::string as_word(const std::string& json_text) {
    const auto value = nlohmann::json::parse(json_text, nullptr, false);
    return value.is_string() ? value.get<std::string>() : json_text;
}

class Execution {
public:
    Execution(const std::vector<const Step*>& steps, const Session& session, const Instruments& instruments,
              const AssessSoFar& assess)
        : steps_(steps),
          session_(session),
          instruments_(instruments),
          assess_(assess),
          results_(steps.size()),
          states_(steps.size(), State::waiting) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            index_.emplace(steps[i]->id, i);
            first_wave_ += steps[i]->needs_assessment ? 0 : 1;
        }
    }

    std::vector<StepResult> run() {
        const std::size_t threads = std::clamp<std::size_t>(std::min(instruments_.jobs, steps_.size()), 1, 64);
        std::vector<std::jthread> workers;
        workers.reserve(threads - 1);
        for (std::size_t i = 1; i < threads; ++i) {
            workers.emplace_back([this] { work(); });
        }
        work();
        workers.clear();
        return std::move(results_);
    }

private:
    enum class State { waiting, running, ended };

    void work() {
        std::unique_lock lock(turn_);
        while (true) {
            std::size_t next = steps_.size();
            changed_.wait(lock, [&] { return ended_ == steps_.size() || (next = find_ready()) < steps_.size(); });
            if (next == steps_.size()) {
                return;
            }
            states_[next] = State::running;
            StepResult result = do_step(next, lock);
            results_[next] = std::move(result);
            states_[next] = State::ended;
            ++ended_;
            first_wave_ -= steps_[next]->needs_assessment ? 0 : 1;
            changed_.notify_all();
        }
    }

    // The first step in the runbook's order whose needs have all ended, or steps_.size().
    std::size_t find_ready() const {
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (states_[i] != State::waiting || (steps_[i]->needs_assessment && first_wave_ != 0)) {
                continue;
            }
            const auto& needs = steps_[i]->needs;
            if (std::all_of(needs.begin(), needs.end(), [&](const std::string& id) { return has_ended(id); })) {
                return i;
            }
        }
        return steps_.size();
    }

    bool has_ended(const std::string& id) const {
        const auto found = index_.find(id);
        return found == index_.end() || states_[found->second] == State::ended;
    }

    StepResult do_step(std::size_t i, std::unique_lock<std::mutex>& lock) {
        const Step& step = *steps_[i];
        if (step.needs_assessment && !assessment_) {
            assessment_ = assess_(results_);  // all of the first wave has ended: nobody else writes results_ of it
        }
        Inputs inputs;
        std::optional<std::pair<StepStatus, std::string>> blocked = gather(step, inputs);
        if (step.when) {
            inputs.facts = facts();
        }
        const bool stopped = instruments_.stop.requested();
        lock.unlock();
        StepResult result = stopped
                                ? block_step(step, StepStatus::interrupted, "not started: interrupted", instruments_)
                            : blocked ? block_step(step, blocked->first, blocked->second, instruments_)
                                      : run_step(step, inputs, session_, instruments_);
        lock.lock();
        return result;
    }

    // Fills the captures; says why the step cannot be done if what it needs is missing.
    std::optional<std::pair<StepStatus, std::string>> gather(const Step& step, Inputs& inputs) const {
        for (const auto& id : step.needs) {
            const auto found = index_.find(id);
            if (found == index_.end()) {
                continue;
            }
            const StepResult& needed = results_[found->second];
            if (needed.status == StepStatus::previewed || needed.status == StepStatus::depends) {
                inputs.facts_complete = false;
                for (const auto& [name, expression] : needed.step->captures) {
                    inputs.captures.emplace(name, "${" + name + "}");  // shown as the hole that it is
                }
                continue;
            }
            for (const auto& [name, value] : needed.captures) {
                inputs.captures.emplace(name, as_word(value));
            }
            if (needed.captures.size() < needed.step->captures.size() && !step.when) {
                return std::pair(StepStatus::blocked, fmt::format("needs what {} did not give", id));
            }
        }
        if (step.needs_assessment && previewing()) {
            inputs.facts_complete = false;
        }
        return std::nullopt;
    }

    bool previewing() const {
        return std::any_of(results_.begin(), results_.end(),
                           [](const StepResult& result) { return result.status == StepStatus::previewed; });
    }

    std::string facts() const {
        std::map<std::string, StepFacts> step_facts;
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (states_[i] == State::ended) {
                step_facts.emplace(steps_[i]->id, StepFacts{results_[i].status, results_[i].captures});
            }
        }
        return facts_json({session_.target, session_.vars, assessment_ ? &*assessment_ : nullptr, step_facts});
    }

    const std::vector<const Step*>& steps_;
    const Session& session_;
    const Instruments& instruments_;
    const AssessSoFar& assess_;

    std::mutex turn_;
    std::condition_variable changed_;
    std::map<std::string, std::size_t> index_;
    std::vector<StepResult> results_;
    std::vector<State> states_;
    std::size_t ended_ = 0;
    std::size_t first_wave_ = 0;  ///< steps still to end before the assessment can be looked at
    std::optional<Assessment> assessment_;
};

}  // namespace

std::vector<StepResult> execute_reads(const std::vector<const Step*>& steps, const Session& session,
                                      const Instruments& instruments, const AssessSoFar& assess) {
    return Execution(steps, session, instruments, assess).run();
}

}  // namespace memrb::engine
