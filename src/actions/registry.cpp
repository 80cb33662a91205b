#include "actions/registry.h"

#include <array>

namespace memrb::actions {

// One line for each action type NAME: its constant NAME_action stands in NAME.cpp.
#define MEMRB_ACTIONS(REGISTER) \
    REGISTER(docker)            \
    REGISTER(compose)           \
    REGISTER(kubectl)           \
    REGISTER(gcloud)            \
    REGISTER(promql)            \
    REGISTER(http)              \
    REGISTER(shell)             \
    REGISTER(edit)              \
    REGISTER(memory)            \
    REGISTER(manual)

// The same for the finder NAME_finder in NAME_finder.cpp; those asked first come first.
#define MEMRB_FINDERS(REGISTER) \
    REGISTER(docker)            \
    REGISTER(kubernetes)        \
    REGISTER(prometheus)        \
    REGISTER(cloud_run)

#define DECLARE_ACTION(name) extern const ActionType name##_action;
#define DECLARE_FINDER(name) extern const TargetFinder name##_finder;
#define ADDRESS_OF_ACTION(name) &name##_action,
#define ADDRESS_OF_FINDER(name) &name##_finder,

MEMRB_ACTIONS(DECLARE_ACTION)
MEMRB_FINDERS(DECLARE_FINDER)

ActionTypes action_types() {
    static constexpr std::array types{MEMRB_ACTIONS(ADDRESS_OF_ACTION)};
    return types;
}

std::span<const TargetFinder* const> target_finders() {
    static constexpr std::array finders{MEMRB_FINDERS(ADDRESS_OF_FINDER)};
    return finders;
}

}  // namespace memrb::actions
