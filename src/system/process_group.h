#pragma once

#include <sys/types.h>

namespace memrb::system {

/// Anything of the group still lives. Zombies do not count: an orphan stays one until init finds the time to reap it.
/// Looks through /proc; a process that is hidden there (hidepid) could not be signalled either.
bool group_alive(pid_t group);

}  // namespace memrb::system
