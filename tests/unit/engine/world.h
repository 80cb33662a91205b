#pragma once

#include "engine/diagnose.h"
#include "fake_actions.h"
#include "memrb/runbook.h"
#include "scripted_runner.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

namespace memrb::test {

/// A step as a test writes it; what is empty is not set. `jq` texts become programs of the runbook.
struct StepSpec {
    std::string id;
    std::vector<std::string> argv = {};
    const ActionType* action = &probe;
    std::string text = {};  ///< for the actions whose parameter is a text
    std::string when = {};
    std::string expect = {};
    Pairs captures = {};
    std::vector<std::string> needs = {};
    bool needs_assessment = false;
    std::optional<Retry> retry = {};
    Risk risk = Risk::read;
};

/// Keeps all events in memory; can be told to fail.
class MemoryJournal : public Journal {
public:
    Result<Event> append(EventBody body, bool durable) override;
    [[nodiscard]] std::filesystem::path folder() const override { return folder_; }

    void fail_from(std::uint64_t seq) { fails_from_ = seq; }
    void set_folder(std::filesystem::path folder) { folder_ = std::move(folder); }
    [[nodiscard]] const std::vector<Event>& events() const { return events_; }
    [[nodiscard]] std::size_t attempts() const { return attempts_; }

private:
    std::vector<Event> events_;
    std::filesystem::path folder_;
    std::uint64_t fails_from_ = 0;
    std::size_t attempts_ = 0;
};

class RecordingObserver : public Observer {
public:
    void on_event(const Event& event) override { events.push_back(event); }
    std::vector<Event> events;
};

/// Everything that a run needs, with a target `backend` in docker. Not copyable: its parts refer to each other.
class World {
public:
    World();
    /// Checks that the runner was asked for exactly what it was told to expect.
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    World(World&&) = delete;
    World& operator=(World&&) = delete;

    Expression jq(const std::string& text);
    World& add(const StepSpec& spec);
    Step make(const StepSpec& spec);

    /// execute_reads() over all steps, with `assess`.
    std::vector<engine::StepResult> run();
    std::vector<engine::StepResult> run(Runner& with);
    engine::Diagnosis diagnose();
    engine::Diagnosis diagnose(Runner& with);
    [[nodiscard]] engine::Session session() const;

    Runbook runbook;
    Target target;
    engine::Variables vars;
    Tools tools;
    std::vector<std::pair<std::string, std::string>> host_containers;
    ScriptedRunner runner;
    ManualStop stop;
    MemoryJournal journal;
    RecordingObserver observer;
    engine::EventLog log{journal, {&observer}};
    std::size_t jobs = 4;
    std::function<Assessment()> assess = [] { return Assessment{}; };
    std::size_t assessed = 0;  ///< how often `assess` was called
};

/// `ok`, `failed: exit 1`: the status and the reason as one text.
std::string told(const engine::StepResult& result);
std::vector<std::string> told(const std::vector<engine::StepResult>& results);

/// The bodies of one kind, in order.
template <class Body>
std::vector<Body> bodies(const std::vector<Event>& events) {
    std::vector<Body> found;
    for (const auto& event : events) {
        if (const auto* body = std::get_if<Body>(&event.body)) {
            found.push_back(*body);
        }
    }
    return found;
}

}  // namespace memrb::test
