#pragma once

#include "engine/diagnose.h"
#include "engine/interruption.h"

#include <string>

namespace memrb::engine {

/// What the world tells of a change whose end is not on record.
struct LookBack {
    enum class Says { done, not_done, nothing };
    Says says = Says::nothing;
    std::string why;  ///< one line; for `nothing`: what is known all the same, may be empty
};

/// Asks the world whether `step` of the interrupted option was done; only reads. It is told by
/// - the target's limit, where the change sets one: the limit that it sets, or still the one from before;
/// - the option's checks that expect something, if the step was its last change and the target has changed since: all
/// of
///   them hold. A check that holds of a target that is as it was tells nothing: it may have held before, too.
/// Everything else says `nothing`: then a person has to be asked.
LookBack look_back(const Interruption& at, const StepProgress& step, const Diagnosis& diagnosis, const Session& session,
                   const Instruments& instruments);

}  // namespace memrb::engine
