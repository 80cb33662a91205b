#include "engine/execute.h"

#include "engine/inputs.h"
#include "engine/step_run.h"

#include <fmt/core.h>
#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>

namespace memrb::engine {

namespace {

// Which step waits for which, as numbers. A step that looks at the assessment belongs to the second wave, and so does
// each that needs one of those; the assessment is made when the first wave has ended.
class Order {
public:
    explicit Order(const std::vector<const Step*>& steps)
        : needs_(steps.size()), dependants_(steps.size()), open_(steps.size()), second_(steps.size(), false) {
        std::map<std::string_view, std::size_t> index;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            index.emplace(steps[i]->id, i);
        }
        for (std::size_t i = 0; i < steps.size(); ++i) {
            for (const auto& id : steps[i]->needs) {
                if (const auto found = index.find(id); found != index.end()) {
                    needs_[i].push_back(found->second);
                    dependants_[found->second].push_back(i);
                }
            }
            open_[i] = needs_[i].size() + (steps[i]->needs_assessment ? 1 : 0);
        }
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (steps[i]->needs_assessment) {
                assessed_.push_back(i);
                move_to_second_wave(i);
            }
        }
        first_left_ = static_cast<std::size_t>(std::count(second_.begin(), second_.end(), false));
    }

    [[nodiscard]] const std::vector<std::size_t>& needs(std::size_t i) const { return needs_[i]; }
    [[nodiscard]] bool in_second_wave(std::size_t i) const { return second_[i]; }
    [[nodiscard]] bool needs_assessment() const { return !assessed_.empty(); }
    [[nodiscard]] bool first_wave_ended() const { return first_left_ == 0; }

    /// Steps that wait for nothing, when nothing has run yet.
    [[nodiscard]] std::vector<std::size_t> free() const {
        std::vector<std::size_t> steps;
        for (std::size_t i = 0; i < open_.size(); ++i) {
            if (open_[i] == 0) {
                steps.push_back(i);
            }
        }
        return steps;
    }

    /// Steps that wait for nothing any more now that step `i` has ended.
    std::vector<std::size_t> end(std::size_t i) {
        first_left_ -= second_[i] ? 0 : 1;
        return release(dependants_[i]);
    }

    /// The same for the assessment.
    std::vector<std::size_t> end_assessment() { return release(assessed_); }

private:
    std::vector<std::size_t> release(const std::vector<std::size_t>& waiting) {
        std::vector<std::size_t> steps;
        for (const std::size_t i : waiting) {
            if (--open_[i] == 0) {
                steps.push_back(i);
            }
        }
        return steps;
    }

    void move_to_second_wave(std::size_t first) {
        std::vector<std::size_t> moving{first};
        while (!moving.empty()) {
            const std::size_t i = moving.back();
            moving.pop_back();
            if (!second_[i]) {
                second_[i] = true;
                moving.insert(moving.end(), dependants_[i].begin(), dependants_[i].end());
            }
        }
    }

    std::vector<std::vector<std::size_t>> needs_;
    std::vector<std::vector<std::size_t>> dependants_;
    std::vector<std::size_t> open_;  // of each step: how much it still waits for
    std::vector<bool> second_;
    std::vector<std::size_t> assessed_;  // the steps that look at the assessment themselves
    std::size_t first_left_ = 0;
};

class Execution {
public:
    Execution(const std::vector<const Step*>& steps, const Session& session, const Instruments& instruments,
              const AssessSoFar& assess)
        : steps_(steps),
          session_(session),
          instruments_(instruments),
          assess_(assess),
          order_(steps),
          results_(steps.size()) {}

    std::vector<StepResult> run() {
        const EventLog::Lazily lazily(instruments_.log);
        if (instruments_.jobs == 1) {
            instruments_.programs.begin();
        }
        make_ready(order_.free());
        assess_when_due();
        const std::size_t threads = std::clamp<std::size_t>(std::min(instruments_.jobs, steps_.size()), 1, 64);
        std::vector<std::jthread> workers;
        workers.reserve(threads - 1);
        const auto add_worker = [&] {
            try {
                workers.emplace_back([this] { work(); });
                return true;
            } catch (const std::system_error&) {
                return false;  // no more threads to be had: those that there are do it
            }
        };
        while (workers.size() + 1 < threads && add_worker()) {
        }
        work();
        workers.clear();
        return std::move(results_);
    }

private:
    void work() {
        std::unique_lock lock(turn_);
        while (true) {
            if (ready_.empty()) {  // all that can run does: this thread has time for what is to be done meanwhile
                lock.unlock();
                instruments_.log.settle();
                instruments_.programs.begin();
                lock.lock();
            }
            changed_.wait(lock, [&] { return !ready_.empty() || running_ == 0; });
            if (ready_.empty()) {
                block_circle();
                changed_.notify_all();
                return;
            }
            const std::size_t next = ready_.begin()->second;
            ready_.erase(ready_.begin());
            ++running_;
            lock.unlock();
            StepResult result = do_step(next);
            lock.lock();
            results_[next] = std::move(result);
            --running_;
            wake_others(make_ready(order_.end(next)) + assess_when_due());
        }
    }

    std::size_t make_ready(const std::vector<std::size_t>& steps) {
        for (const std::size_t i : steps) {
            ready_.emplace(rank(*steps_[i]), i);
        }
        return steps.size();
    }

    // In the runbook's order. But side by side, programs begin before the short reads, because the longest ends the
    // diagnosis; and conditions for jq come last, because the first one of a run waits until they are all compiled.
    int rank(const Step& step) const {
        const bool waits = step.when && instruments_.programs.needs_compiling(*step.when);
        return instruments_.jobs == 1 ? 0 : (waits ? 2 : 0) + (step.action->starts_program ? 0 : 1);
    }

    // This thread takes a ready step itself; each further one of the new ones wants another thread.
    void wake_others(std::size_t new_ready) {
        if (ready_.empty() && running_ == 0) {
            changed_.notify_all();  // that was the end
        }
        for (std::size_t i = 0; i < new_ready && i + 1 < ready_.size(); ++i) {
            changed_.notify_one();
        }
    }

    // Nothing runs while this is done: all of the first wave has ended, and the second waits for it.
    std::size_t assess_when_due() {
        if (assessment_ || !order_.needs_assessment() || !order_.first_wave_ended()) {
            return 0;
        }
        assessment_ = assess_(results_);
        previewing_ = std::any_of(results_.begin(), results_.end(), [](const StepResult& result) {
            return result.status == StepStatus::previewed || result.status == StepStatus::depends ||
                   result.status == StepStatus::not_previewable;
        });
        assessed_facts_ = facts({});
        return make_ready(order_.end_assessment());
    }

    // The compiler of runbooks finds circles; should one come through, it must not hang the diagnosis.
    void block_circle() {
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (results_[i].step == nullptr) {
                results_[i] = block_step(*steps_[i], StepStatus::blocked, "it waits for steps that wait for each other",
                                         instruments_);
            }
        }
    }

    // Without the lock: the results of steps that this one needs have ended and do not change any more.
    StepResult do_step(std::size_t i) {
        const Step& step = *steps_[i];
        if (instruments_.stop.requested()) {
            return block_step(step, StepStatus::interrupted, "not started: interrupted", instruments_);
        }
        if (step.risk != Risk::read) {
            return block_step(step, StepStatus::blocked,
                              fmt::format("is {}: a diagnosis only reads", to_string(step.risk)), instruments_);
        }
        Inputs inputs = gather(i);
        if (step.when) {
            const bool own = !order_.in_second_wave(i) || std::any_of(order_.needs(i).begin(), order_.needs(i).end(),
                                                                      [&](auto j) { return order_.in_second_wave(j); });
            inputs.facts = own ? facts(order_.needs(i)) : assessed_facts_;
        }
        return run_step(step, inputs, session_, instruments_);
    }

    Inputs gather(std::size_t i) const {
        Inputs inputs;
        for (const std::size_t j : order_.needs(i)) {
            add_captures(results_[j], inputs);
        }
        if (steps_[i]->needs_assessment && previewing_) {
            inputs.waits_for.emplace_back(measuring_wait);
        }
        return inputs;
    }

    // For a condition: the steps that it names, and of the second wave's all of the first wave too. Never those that
    // merely happen to have ended: a condition must not hang on who was faster.
    std::string facts(const std::vector<std::size_t>& needs) const {
        std::map<std::string, StepFacts> known;
        const auto add = [&](const StepResult& result) {
            known.emplace(result.step->id, StepFacts{result.status, result.captures});
        };
        for (std::size_t i = 0; assessment_ && i < steps_.size(); ++i) {
            if (!order_.in_second_wave(i)) {
                add(results_[i]);
            }
        }
        for (const std::size_t i : needs) {
            add(results_[i]);
        }
        return facts_json({session_.target, session_.vars, assessment_ ? &*assessment_ : nullptr, known});
    }

    const std::vector<const Step*>& steps_;
    const Session& session_;
    const Instruments& instruments_;
    const AssessSoFar& assess_;

    std::mutex turn_;  // guards all below, but for what do_step() says
    std::condition_variable changed_;
    Order order_;
    std::vector<StepResult> results_;
    std::set<std::pair<int, std::size_t>> ready_;  // by rank
    std::size_t running_ = 0;
    std::optional<Assessment> assessment_;
    std::string assessed_facts_;
    bool previewing_ = false;
};

}  // namespace

std::vector<StepResult> execute_reads(const std::vector<const Step*>& steps, const Session& session,
                                      const Instruments& instruments, const AssessSoFar& assess) {
    return Execution(steps, session, instruments, assess).run();
}

}  // namespace memrb::engine
