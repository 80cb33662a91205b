#pragma once

#include "engine/remedy.h"
#include "world.h"

#include <deque>

namespace memrb::test {

/// Answers in turn, and keeps what it was shown. A question too many is answered with quit and fails the test.
class Person final : public Operator {
public:
    explicit Person(std::deque<Decision> answers) : answers_(std::move(answers)) {}
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;
    Person(Person&&) = delete;
    Person& operator=(Person&&) = delete;
    ~Person() override { CHECK(answers_.empty()); }

    Decision decide(const ChangeCard& card) override {
        cards.push_back(card);
        return next();
    }
    Decision task(const TaskCard& card) override {
        tasks.push_back(card);
        return next();
    }
    bool go_on_without(const std::vector<std::string>& not_saved) override {
        missing = not_saved;
        return goes_on;
    }
    void change_begins(Milliseconds) override { ++begun; }
    void change_ends() override { ++ended; }

    std::vector<ChangeCard> cards;
    std::vector<TaskCard> tasks;
    std::vector<std::string> missing;
    bool goes_on = false;
    int begun = 0;
    int ended = 0;

private:
    Decision next() {
        if (answers_.empty()) {
            FAIL_CHECK("a question that was not expected");
            return {Reply::quit, {}};
        }
        Decision answer = answers_.front();
        answers_.pop_front();
        return answer;
    }

    std::deque<Decision> answers_;
};

inline constexpr Risk disruptive = Risk::disruptive;

/// An option with steps, checks and evidence, on the World's target.
struct Scene {
    World world;
    Option option;
    engine::Diagnosis diagnosis;
    engine::Authority authority{.can_ask = true};
    std::optional<Target> now;  ///< what looking again finds; empty: the pinned target
    bool gone = false;
    std::size_t looks = 0;
    std::vector<std::pair<std::string, int>> sights;  ///< resource version and generation that each look finds

    Scene() {
        option.id = "fix";
        option.costs = "ten seconds";
    }

    Scene& step(const StepSpec& spec) {
        option.steps.push_back(world.make(spec));
        return *this;
    }
    Scene& check(const StepSpec& spec) {
        option.verify.push_back(world.make(spec));
        return *this;
    }

    engine::RemedyResult run(Operator& person, const engine::RemedyResult* undo = nullptr) {
        const engine::Programs programs(world.runbook.programs);
        const engine::RemedyPlan plan{option, undo, diagnosis, authority, [this]() -> Result<Target> {
                                          ++looks;
                                          if (gone) {
                                              return fail(Fault::failed, "nothing is called backend");
                                          }
                                          if (looks <= sights.size()) {
                                              now->kube->resource_version = sights[looks - 1].first;
                                              now->kube->generation = sights[looks - 1].second;
                                          }
                                          return now.value_or(world.target);
                                      }};
        return engine::run_remedy(plan, world.session(), {world.runner, world.log, programs, world.stop}, person);
    }

    /// What was decided, as `step: answer`.
    [[nodiscard]] std::vector<std::string> decided() const {
        std::vector<std::string> all;
        for (const auto& one : bodies<Decided>(world.journal.events())) {
            all.push_back(one.step + ": " + one.answer + (one.why.empty() ? "" : ", " + one.why));
        }
        return all;
    }
};

}  // namespace memrb::test
