#pragma once

#include "memrb/ports.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace memrb::test {

/// Pulled by the test.
class ManualStop : public Stop {
public:
    void pull() { pulled_ = true; }
    [[nodiscard]] bool requested() const override { return pulled_; }
    [[nodiscard]] int poll_fd() const override { return -1; }

private:
    std::atomic<bool> pulled_{false};
};

/// Lets nobody pass before `parties` have come. A party that waits for longer than 20 s gives up, so that a mistake
/// fails the test and does not hang it.
class Meeting {
public:
    explicit Meeting(std::size_t parties) : parties_(parties) {}
    /// False: the others did not come.
    bool arrive();

private:
    std::mutex mutex_;
    std::condition_variable all_here_;
    std::size_t parties_;
    std::size_t arrived_ = 0;
};

Outcome exited(int code, std::string out = {}, std::string err = {});
Outcome answered(int status, std::string body = {});
Outcome ended(Ending ending);

Command command(std::vector<std::string> argv);
RunContext context_of(std::string step);

/// Answers per step id, in the order in which they were given; records what it was asked, and how many at once. A
/// request that nobody told it about is kept in `unexpected`, and so are answers that nobody asked for in `unused`:
/// both must be empty at the end of a test.
class ScriptedRunner : public Runner {
public:
    using Answer = std::function<Outcome(const Request&, const RunContext&, const Stop&)>;
    struct Call {
        std::string step;
        Request request;
        RunContext context;
    };

    ScriptedRunner& on(const std::string& step, Outcome outcome);
    ScriptedRunner& on(const std::string& step, Answer answer);
    /// The answers to Wait requests of a step, which come between two attempts.
    ScriptedRunner& on_wait(const std::string& step, Outcome outcome) {
        return on(step + " (wait)", std::move(outcome));
    }

    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override;

    [[nodiscard]] std::vector<Call> calls() const;
    /// Step ids in the order in which they were started, waits left out.
    [[nodiscard]] std::vector<std::string> order() const;
    [[nodiscard]] std::size_t most_at_once() const;
    [[nodiscard]] std::vector<std::string> unexpected() const;
    [[nodiscard]] std::vector<std::string> unused() const;

private:
    Answer take(const std::string& key);

    mutable std::mutex mutex_;
    std::map<std::string, std::deque<Answer>> answers_;
    std::vector<Call> calls_;
    std::vector<std::string> unexpected_;
    std::size_t now_ = 0;
    std::size_t most_ = 0;
};

}  // namespace memrb::test
