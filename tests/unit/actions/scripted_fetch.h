#pragma once

#include "base/describe.h"
#include "memrb/target.h"

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace memrb::actions {

/// Answers lookups from a script: the first line of a request's description (`GET http://docker/...`, `$ docker ps
/// ...`) is the key. What is not in the script has no answer: the test fails by exception.
class ScriptedFetch {
public:
    ScriptedFetch& on(const std::string& request, Outcome outcome) {
        script_[request] = std::move(outcome);
        return *this;
    }

    [[nodiscard]] Fetch fetch() {
        return [this](const Request& request) {
            asked.push_back(base::describe(request).front());
            const auto found = script_.find(asked.back());
            if (found == script_.end()) {
                throw std::runtime_error("not in the script: " + asked.back());
            }
            return found->second;
        };
    }

    std::vector<std::string> asked;

private:
    std::map<std::string, Outcome> script_;
};

}  // namespace memrb::actions
