#pragma once

#include "memrb/units.h"
#include "support/descriptor.h"

#include <sys/types.h>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace memrb::test {

/// How a program ended. Exit code and signal stay apart; neither: it was still running when the time was over.
struct Ending {
    std::optional<int> exit;
    std::optional<int> signal;

    bool operator==(const Ending&) const = default;
};
inline Ending exited(int code) {
    return {code, std::nullopt};
}
inline Ending signalled(int signal) {
    return {std::nullopt, signal};
}
inline Ending timed_out() {
    return {};
}
/// `exit 3`, `signal 9 (Killed)`, `timed out`.
std::string to_string(const Ending& ending);
/// For Catch's failure messages.
std::ostream& operator<<(std::ostream& out, const Ending& ending);

struct Spawn {
    std::vector<std::string> argv;    ///< argv[0] is looked up in PATH of `env`
    std::vector<std::string> env;     ///< NAME=value; the child sees nothing else
    std::string cwd = {};             ///< empty: the test's own
    int in = -1, out = -1, err = -1;  ///< -1: /dev/null
};

/// The program that argv[0] means with the PATH of this environment.
std::string find_program(const std::string& name, const std::vector<std::string>& environment);

/// Processes of a session that are alive now, its leader not counted.
std::vector<pid_t> session_members(pid_t session);
/// Kills them all, but not the leader.
void kill_session(pid_t session);

/// A program in a session of its own. Whatever of that session is alive at the end is killed: nothing outlives a test.
class Child {
public:
    /// Throws std::runtime_error if the program cannot be started.
    explicit Child(const Spawn& spawn);
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Becomes readable when the program ends.
    [[nodiscard]] int pid_descriptor() const { return ended_.get(); }

    /// Waits at most `limit` for the end; nothing: it still runs.
    std::optional<Ending> wait(Milliseconds limit);
    /// To the program alone, not to its children.
    void signal(int number) const;

    /// Processes of its session that are alive now, the program itself not counted.
    [[nodiscard]] std::vector<pid_t> descendants() const { return session_members(pid_); }

private:
    pid_t pid_ = -1;
    Descriptor ended_;
    std::optional<Ending> ending_;
};

/// The test's own environment as NAME=value.
std::vector<std::string> own_environment();
/// Sets or replaces one variable.
void set_variable(std::vector<std::string>& environment, const std::string& name, const std::string& value);
void unset_variable(std::vector<std::string>& environment, const std::string& name);

}  // namespace memrb::test
