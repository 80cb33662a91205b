#pragma once

#include "memrb/units.h"
#include "support/child.h"
#include "support/temp_dir.h"

#include <chrono>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::test {

/// What a finished program left behind.
struct Ran {
    Ending ending;
    std::string out;
    std::string err;
    Milliseconds elapsed{};
    std::vector<pid_t> left_behind;  ///< processes that it started and that were alive after its end; they are killed

    /// All of it for a failure message: `INFO(ran.describe())`.
    [[nodiscard]] std::string describe() const;
};

class Running;

/// Builds one run of a program step by step, in a hermetic environment: PATH of the test, an empty HOME and empty XDG
/// folders of its own, LANG=C.UTF-8, TZ=UTC, no Docker engine (DOCKER_HOST names a socket that is not there), no CI,
/// no colour variables. Nothing of the person who runs the tests is seen or changed.
///
///     auto ran = run_memrb({"runbook", "check", file}).env("NO_COLOR", "1").run();
///     CHECK(ran.ending == exited(2));
class Run {
public:
    explicit Run(std::vector<std::string> argv);

    Run& arg(std::string value);
    Run& args(std::initializer_list<std::string> values);
    Run& env(const std::string& name, const std::string& value);
    Run& env(const std::vector<std::pair<std::string, std::string>>& variables);
    Run& unset(const std::string& name);
    /// A folder that goes first in PATH: stand-ins for tools.
    Run& path_first(const std::filesystem::path& folder);
    /// Only this PATH.
    Run& path_only(const std::string& path);
    /// Text for stdin, which is then closed. Without it stdin is /dev/null.
    Run& in(std::string text);
    Run& cwd(const std::filesystem::path& folder);
    /// Shared between runs to keep config, incidents and caches; otherwise each run has an empty one.
    Run& home(const std::filesystem::path& folder);
    /// Default 30 s; then it is killed and the ending is `timed out`.
    Run& timeout(Milliseconds limit);

    /// Runs to the end.
    [[nodiscard]] Ran run();
    /// Starts it with a pipe as stdin, for tests that talk to it or send signals.
    [[nodiscard]] Running start();

    /// What Pty needs to start the same thing in a terminal.
    struct Plan {
        Spawn spawn;
        std::shared_ptr<TempDir> home;  ///< kept while the program runs
        std::string in;
        bool close_in = false;  ///< after `in` was sent
        bool pipe_in = false;   ///< else stdin is /dev/null
        Milliseconds timeout{};
    };
    [[nodiscard]] Plan plan() const;

private:
    Spawn spawn_;
    std::shared_ptr<TempDir> home_;
    std::string in_;
    bool has_in_ = false;
    Milliseconds timeout_ = std::chrono::seconds(30);
};

/// The real binary: MEMRB_BINARY of the environment, else the one that was built with the tests.
Run run_memrb(std::vector<std::string> args);
std::filesystem::path memrb_binary();
/// Any other program.
Run program(std::vector<std::string> argv);

/// A started program with its three streams.
class Running {
public:
    explicit Running(const Run::Plan& plan);

    [[nodiscard]] Child& child() { return child_; }
    [[nodiscard]] const std::string& out() const { return out_; }
    [[nodiscard]] const std::string& err() const { return err_; }
    /// Reads until `text` has come on stdout or stderr; fails the test with all output if it does not come in time.
    void wait_for_out(std::string_view text, Milliseconds limit = std::chrono::seconds(10));
    void wait_for_err(std::string_view text, Milliseconds limit = std::chrono::seconds(10));
    /// Writes to stdin.
    void send(std::string_view text);
    void close_in() { in_.close(); }
    /// No more reading: the program sees a broken pipe when it writes.
    void close_out() { out_pipe_.close(); }
    void signal(int number) { child_.signal(number); }
    /// Reads to the end, at most as long as Run::timeout from the start; then kills it.
    Ran finish();

private:
    struct Pipes {
        Descriptor in_read, in_write, out_read, out_write, err_read, err_write;
    };
    Running(const Run::Plan& plan, Pipes pipes);
    /// Moves what is ready between the pipes and the strings; waits at most `limit` for something to happen.
    /// Tells whether there is more to read at once.
    bool pump(Milliseconds limit);
    void wait_for(const std::string& where, std::string_view text, Milliseconds limit);

    std::shared_ptr<TempDir> home_;
    std::chrono::steady_clock::time_point began_;
    Milliseconds timeout_;
    std::string unsent_;
    bool close_after_sending_;
    Descriptor in_, out_pipe_, err_pipe_;
    Child child_;
    std::string out_, err_;
};

}  // namespace memrb::test
