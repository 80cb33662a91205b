#pragma once

#include "base/unique_fd.h"
#include "memrb/outcome.h"
#include "memrb/request.h"

#include <sys/types.h>

#include <optional>
#include <tl/expected.hpp>

namespace memrb::system {

/// What the child finds as its standard descriptors.
struct ChildStreams {
    int in = -1;        ///< -1: /dev/null
    int out = -1;       ///< -1: memrb's own
    int err = -1;       ///< -1: memrb's own
    int terminal = -1;  ///< not -1: this terminal is handed to the child, with memrb's own stdin
};

/// A started program, the leader of its own process group. It stays a zombie until reap(), so that its group's number
/// cannot be given to others while it may still be signalled.
class Child {
public:
    /// Starts the program: found on PATH, no shell, default signals, nothing inherited but the streams.
    static tl::expected<Child, NotStarted> spawn(const Command& command, const ChildStreams& streams);

    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    /// A child that still lives is killed with its group.
    ~Child();

    /// Readable once the program has ended; -1 if this kernel cannot tell (then poll() with a short timeout and ask
    /// ended()).
    [[nodiscard]] int poll_fd() const { return pidfd_.get(); }
    [[nodiscard]] pid_t group() const { return pid_; }

    /// How it ended, if it has.
    [[nodiscard]] std::optional<Ending> ended();
    /// It was stopped (Ctrl-Z) since this was last asked.
    [[nodiscard]] bool stopped();
    void signal_group(int signal) const;
    /// Lets the kernel forget the program, which must have ended.
    void reap();
    /// Not even KILL ended it (a hung disk): leave it to the kernel, do not wait in the destructor.
    void abandon() { pid_ = -1; }

private:
    explicit Child(pid_t pid);

    pid_t pid_ = -1;
    bool reaped_ = false;
    std::optional<Ending> ending_;
    base::UniqueFd pidfd_;
};

}  // namespace memrb::system
