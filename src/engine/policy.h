#pragma once

#include "memrb/action.h"
#include "memrb/change.h"
#include "memrb/result.h"
#include "memrb/target.h"

#include <string>

namespace memrb::engine {

/// What may be done without being asked, and what not at all. The one place where that is decided.
struct Authority {
    bool read_only = false;          ///< the user's config: nothing is ever changed
    Risk most = Risk::irreversible;  ///< `--max-risk`
    bool yes = false;                ///< `--yes`: agrees to what can be undone
    std::string confirmed = {};      ///< `--confirm=TARGET`: agrees to all else, for the target of that name only
    bool can_ask = false;            ///< a person is there
};

/// Errors: the config or `--max-risk` forbids it (failed), nobody can be asked and no flag covers it (answer_needed,
/// naming the flag), `--confirm` names another target (usage).
Result<Consent> consent_for(Risk risk, const Authority& authority, const Target& target);

/// A message to a person changes no target, so `read_only` and `--max-risk` do not keep anybody from calling for help;
/// but it wakes somebody up and cannot be taken back: it wants the word `yes`, or the flag. Error: answer_needed.
Result<Consent> consent_to_notify(const Authority& authority);

}  // namespace memrb::engine
