#pragma once

#include "actions/registry.h"
#include "memrb/action.h"
#include "memrb/outcome.h"
#include "memrb/target.h"

#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::actions {

/// The ids of the containers that were recorded (tests/fixtures/recorded).
inline const std::string backend_id = "31bc72ba5b78a2eb3a6dd8de8ca1f909af7bb33abd2641b9dac0cb6190d28e16";
inline const std::string sidecar_id = "1e4550140e41b178f7901f044f7c0788c07b5ae51a69b7bcfe13e61912795e50";
inline const std::string eater_id = "576812ce7604d0088bb70bf49ea5a24be298feb67016490d12764b204e03818a";
inline const std::string oomloop_id = "e28c64460c718974e16332cdd8e46894fcd680cdee9517e5fe678460fca722be";
inline const std::string parent_id = "44e7fa4625fd127fd70df043bf765b3dc713497a3dd719562957b93f1c0428d9";
inline const std::string shop_backend_id = "f4b67fecb4b9e629ddaf7cda4744cd525a527d2ac245389b0fb7c72a8a0889d9";

/// The bytes of tests/fixtures/recorded/NAME. Throws if there is no such file.
std::string recorded(const std::string& name);

/// The registered action type. Throws if there is none.
const ActionType& action(std::string_view name);
const TargetFinder& finder(Platform platform);

Timestamp at(std::string_view rfc3339);

/// Parameters as the runbook's compiler makes them: `args` given as words, all else as text.
Params args(std::initializer_list<std::string> words,
            std::initializer_list<std::pair<std::string, std::string>> texts = {});
Params texts(std::initializer_list<std::pair<std::string, std::string>> texts);

Outcome exited(int code, std::string out, std::string err = {});
Outcome answered(int status, std::string body);
Outcome ended(Ending ending);
/// A recorded failure: what both streams said, and as the last line `exit N`.
Outcome recorded_failure(const std::string& name);

/// What an action is told of its surroundings: the running container `backend` of a local engine, with all tools there.
struct Scene {
    Scene();

    Target target;
    std::vector<std::pair<std::string, std::string>> host;
    std::map<std::string, std::string> vars;
    Tools tools;
    Timestamp now;
    bool past = false;

    [[nodiscard]] ActionContext context() const { return {target, host, vars, tools, now, past}; }

    /// The target is this container of the recording.
    Scene& is(const std::string& name, const std::string& id);
};

/// The only reading of that kind. Throws if there is none or another one.
template <class Kind>
Kind only(const Interpretation& interpretation) {
    const Kind* found = nullptr;
    for (const auto& reading : interpretation.readings) {
        if (const auto* one = std::get_if<Kind>(&reading)) {
            if (found != nullptr) {
                throw std::runtime_error("two readings of one kind");
            }
            found = one;
        }
    }
    if (found == nullptr) {
        throw std::runtime_error("no such reading");
    }
    return *found;
}

}  // namespace memrb::actions
