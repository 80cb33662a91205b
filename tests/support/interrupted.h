#pragma once

#include "support/run.h"
#include "support/temp_dir.h"

#include <array>
#include <functional>
#include <string>

namespace memrb::test {

/// How often each of three changes has been made.
using Counts = std::array<std::size_t, 3>;

/// A runbook with one option, `all`, of three changes `c0`, `c1`, `c2`, and its variables `n` and `r`. Each is a step's
/// action: `docker: 'restart ${container}'`.
std::string three_changes(const std::array<std::string, 3>& changes);

/// What a record says of a change.
enum class Says { not_done, done, unknown };
/// Of the last incident in this home, by its handoff.
std::array<Says, 3> what_is_on_record(const TempDir& home);

/// Waits until the tools that the program had started have ended without it.
void wait_for_orphans(const Child& child);

/// memrb with the option `all`, agreed to by flag, and what it has done.
struct ThreeChanges {
    std::function<Run(const TempDir& home, int n)> start;
    std::function<Counts(int n)> seen;  ///< how often each change has been made since the last start
};

/// After a run that nobody disturbs: kills further ones, each in a home of its own, at random moments behind the first
/// card; `after` gets the home, the number from 1, and what the killed run had said.
void kill_at_random_moments(const ThreeChanges& changes, int moments, unsigned seed,
                            const std::function<void(const TempDir& home, int n, const std::string& told)>& after);

/// Goes on by `resume(flags)` until nothing is open: answers truthfully when it asks. All changes must then have been
/// made once, and be done on record. Gives how often it asked.
int resume_to_the_end(const ThreeChanges& changes, const TempDir& home, int n,
                      const std::function<Run(const std::vector<std::string>& flags)>& resume);

}  // namespace memrb::test
