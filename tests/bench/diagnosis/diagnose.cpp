#include "diagnose.h"

#include "actions/registry.h"
#include "engine/conclude.h"
#include "runbook/load.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

namespace memrb::bench {

namespace {

Runbook load(const std::string& path) {
    std::ifstream file(path);
    std::stringstream bytes;
    bytes << file.rdbuf();
    auto loaded = runbook::load_runbook(bytes.str(), path, actions::action_types());
    if (!file || !loaded) {
        std::cerr << path << " is no runbook\n";
        std::exit(2);
    }
    return std::move(loaded->runbook);
}

}  // namespace

Diagnosis::Diagnosis(const std::string& path) : runbook_(load(path)), programs_(runbook_.programs) {
    for (const auto& group : runbook_.diagnose) {
        for (const auto& step : group.steps) {
            redis_ = step.id == "app.redis" ? &step : redis_;
        }
    }
}

Assessment Diagnosis::run(const Incident& incident, const memory::Gates& gates) const {
    Assessment assessment =
        memory::assess({incident.target, incident.readings, runbook_.thresholds, incident.now, false, {}, gates});
    std::vector<engine::StepResult> results;
    if (incident.plan.redis_maxmemory && redis_ != nullptr) {
        engine::StepResult redis;
        redis.step = redis_;
        redis.status = StepStatus::ok;
        redis.captures = {{"redis_maxmemory", *incident.plan.redis_maxmemory}};
        results.push_back(std::move(redis));
    }
    const auto vars = engine::resolve_variables(runbook_, incident.target, incident.now, {}, {});
    const std::vector<std::pair<std::string, std::string>> containers;
    const Tools tools;
    const engine::Variables none;
    const engine::Session session{runbook_, incident.target, containers, vars ? *vars : none, tools, incident.now};
    engine::conclude(assessment, session, results, programs_);
    return assessment;
}

}  // namespace memrb::bench
