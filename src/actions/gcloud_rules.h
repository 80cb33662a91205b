#pragma once

#include "actions/gcloud_verbs.h"
#include "memrb/action.h"

namespace memrb::actions {

/// What the steps must obey: no other project, region or login than the target's, no command without an end, no
/// question, no token on the screen, no read of a log without a limit, no memory beyond what Cloud Run has.
Result<void> check_gcloud_words(const Params& params);

/// What can be told only of the target: a change is one of its own service, the revisions are its own, and the CPU is
/// enough for the memory.
Result<void> check_is_own(const GcloudLine& line, const CloudRunRef& own);

/// The CPUs that Cloud Run wants for so much memory: above 4, 8, 16 and 24 GiB it is 2, 4, 6 and 8.
int cpus_for(Bytes memory);

/// In a word of a step: the revision that is yet to be chosen.
inline constexpr std::string_view last_healthy = "LAST_HEALTHY";

/// The most memory that an instance can have.
inline constexpr Bytes most_cloud_run_memory = Bytes{32} << 30U;

}  // namespace memrb::actions
