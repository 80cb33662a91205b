#pragma once

#include "base/unique_fd.h"

#include <string_view>

namespace memrb::system {

/// Both ends are O_CLOEXEC and never 0, 1 or 2, so that handing an end to a child cannot clash with its standard
/// descriptors even if memrb itself was started with one of them closed.
struct Pipe {
    base::UniqueFd read;
    base::UniqueFd write;
};

/// Both ends are empty if the system has no more descriptors (errno tells).
Pipe make_pipe();

/// Lets a pipe hold 1 MiB instead of 64 KiB, if this user may: a flood then needs far fewer switches.
void widen_pipe(int fd);

/// `text` as a file that a child can have as its stdin. Unlike a pipe it needs nobody to feed it: no deadlock with a
/// child that writes before it reads, no SIGPIPE from one that never reads. Empty on failure (errno tells).
base::UniqueFd readable_text(std::string_view text);

}  // namespace memrb::system
