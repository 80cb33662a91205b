#include "system/process.h"

#include "system/child.h"
#include "system/escalation.h"
#include "system/output_sink.h"
#include "system/pipe.h"
#include "system/process_group.h"
#include "system/stopwatch.h"
#include "system/terminal_handover.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>

namespace memrb::system {

namespace {

using std::chrono::milliseconds;
using Moment = Escalation::Moment;

constexpr milliseconds drain_grace{250};
constexpr milliseconds group_tick{20};  ///< how often to look whether a signalled group is gone
constexpr milliseconds child_tick{20};  ///< only where a child's end or stop cannot be polled for
constexpr std::size_t large_read = 32 * 1024;
constexpr std::uint64_t most_in_pipe = 1 << 20U;

/// One of the child's outputs: the reading end of its pipe and where the bytes go.
class Stream {
public:
    Stream(const RunContext& context, std::string_view kind, const base::Secrets* secrets)
        : sink_(context.keep, SpillFile(context.spill_dir, context.step, kind, context.spill_cap, secrets)) {}

    void attach(base::UniqueFd fd) { fd_ = std::move(fd); }
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] bool open() const { return static_cast<bool>(fd_); }

    void handle(short events) {
        if ((events & POLLIN) == 0) {
            if (events != 0) {
                fd_.reset();  // hung up, and nothing left to read
            }
            return;
        }
        const std::uint64_t before = sink_.total();
        if (!sink_.read_from(fd_.get())) {
            fd_.reset();
        } else if (!wide_ && sink_.total() - before >= large_read) {
            widen_pipe(fd_.get());
            wide_ = true;
        }
    }

    /// Reads what the pipe holds at this moment.
    void drain() {
        const std::uint64_t enough = sink_.total() + most_in_pipe;
        while (open() && sink_.total() < enough) {
            pollfd ready{fd_.get(), POLLIN, 0};
            if (::poll(&ready, 1, 0) <= 0) {
                return;
            }
            handle(ready.revents);
        }
    }
    Output finish() { return sink_.finish(); }

private:
    OutputSink sink_;
    base::UniqueFd fd_;
    bool wide_ = false;
};

/// Watches one child until nothing is left to wait for.
class Watch {
public:
    Watch(Child& child, Stream& out, Stream& err, const RunContext& context, const Stop& stop)
        : child_(child), out_(out), err_(err), context_(context), stop_(stop) {
        if (context.timeout.count() > 0) {
            deadline_ = std::chrono::steady_clock::now() + context.timeout;
        }
    }

    void give_terminal(TerminalHandover* terminal) { terminal_ = terminal; }

    Ending run() {
        while (!done()) {
            wait();
            check_child();
            escalate();
        }
        out_.drain();
        err_.drain();
        return ending();
    }

    [[nodiscard]] bool left_behind() const { return end_ && (out_.open() || err_.open()); }
    [[nodiscard]] bool unkillable() const { return !end_; }

private:
    [[nodiscard]] bool outputs_open() const { return out_.open() || err_.open(); }
    [[nodiscard]] bool signalled() const { return escalation_.cause() != Escalation::Cause::none; }

    bool done() {
        const Moment now = std::chrono::steady_clock::now();
        if (!end_ || (signalled() && group_left(now))) {
            return escalation_.exhausted(now);
        }
        return !outputs_open() || now >= drained_ || stop_.requested();
    }

    // After a signal the whole group is waited for, not only its leader.
    bool group_left(Moment now) {
        if (group_left_ && now >= next_look_) {
            group_left_ = group_alive(child_.group());
            next_look_ = now + group_tick;
        }
        return group_left_;
    }

    void wait() {
        std::array<pollfd, 4> fds{pollfd{out_.fd(), POLLIN, 0}, pollfd{err_.fd(), POLLIN, 0},
                                  pollfd{end_ ? -1 : child_.poll_fd(), POLLIN, 0},
                                  pollfd{signalled() ? -1 : stop_.poll_fd(), POLLIN, 0}};
        if (::poll(fds.data(), fds.size(), poll_timeout()) <= 0) {
            return;
        }
        out_.handle(fds[0].revents);
        err_.handle(fds[1].revents);
    }

    [[nodiscard]] int poll_timeout() const {
        const Moment now = std::chrono::steady_clock::now();
        std::optional<Moment> until = escalation_.next();
        const auto sooner = [&until](Moment moment) { until = until ? std::min(*until, moment) : moment; };
        if (deadline_ && !end_ && !signalled()) {
            sooner(*deadline_);
        }
        if (end_ && outputs_open()) {
            sooner(drained_);
        }
        if (end_ && signalled() && group_left_) {
            sooner(next_look_);
        }
        if (!end_ && (child_.poll_fd() < 0 || terminal_ != nullptr)) {
            sooner(now + child_tick);
        }
        if (!until) {
            return -1;
        }
        const auto left = std::chrono::ceil<milliseconds>(*until - now).count();
        return static_cast<int>(std::clamp<decltype(left)>(left, 0, 3'600'000));
    }

    void check_child() {
        if (end_) {
            return;
        }
        end_ = child_.ended();
        if (end_) {
            out_.drain();
            err_.drain();
            drained_ = std::chrono::steady_clock::now() + drain_grace;
        } else if (terminal_ != nullptr && child_.stopped()) {
            terminal_->resume(child_);
        }
    }

    void escalate() {
        const Moment now = std::chrono::steady_clock::now();
        if (!end_ && stop_.requested()) {
            escalation_.begin(Escalation::Cause::stop, now);
        } else if (!end_ && deadline_ && now >= *deadline_) {
            escalation_.begin(Escalation::Cause::timeout, now);
        }
        if (const auto signal = escalation_.due(now)) {
            child_.signal_group(*signal);
        }
    }

    Ending ending() {
        switch (escalation_.cause()) {
            case Escalation::Cause::timeout: return TimedOut{context_.timeout};
            case Escalation::Cause::stop: return Interrupted{};
            case Escalation::Cause::none: break;
        }
        return *end_;
    }

    Child& child_;
    Stream& out_;
    Stream& err_;
    const RunContext& context_;
    const Stop& stop_;
    TerminalHandover* terminal_ = nullptr;
    Escalation escalation_;
    std::optional<Ending> end_;
    std::optional<Moment> deadline_;
    Moment drained_{};
    bool group_left_ = true;
    Moment next_look_{};
};

Ending run_interactive(const Command& command, const RunContext& context, const Stop& stop, Stream& out, Stream& err) {
    auto terminal = TerminalHandover::take();
    if (!terminal) {
        return NotStarted{.why = "it needs a terminal, and there is none here"};
    }
    auto child = Child::spawn(command, {.terminal = terminal->fd()});
    if (!child) {
        return child.error();
    }
    if (context.launched) {
        context.launched();
    }
    Watch watch(*child, out, err, context, stop);
    watch.give_terminal(&*terminal);
    return watch.run();
}

Ending run_piped(const Command& command, const RunContext& context, const Stop& stop, Stream& out, Stream& err,
                 std::string& note) {
    Pipe out_pipe = make_pipe();
    Pipe err_pipe = make_pipe();
    base::UniqueFd in = command.stdin_text.empty() ? base::UniqueFd() : readable_text(command.stdin_text);
    if (!out_pipe.read || !err_pipe.read || (!in && !command.stdin_text.empty())) {
        return NotStarted{.why = "no pipe to the program could be made: " + std::generic_category().message(errno)};
    }
    auto child = Child::spawn(command, {.in = in.get(), .out = out_pipe.write.get(), .err = err_pipe.write.get()});
    if (!child) {
        return child.error();
    }
    out_pipe.write.reset();
    err_pipe.write.reset();
    in.reset();
    out.attach(std::move(out_pipe.read));
    err.attach(std::move(err_pipe.read));
    if (context.launched) {
        context.launched();
    }
    Watch watch(*child, out, err, context, stop);
    Ending ending = watch.run();
    if (watch.unkillable()) {
        child->abandon();
        note = "the program could not be killed and may still run";
    } else if (watch.left_behind()) {
        note = "a process that the program left behind still holds its output open: it was not waited for";
    }
    return ending;
}

}  // namespace

Outcome run_command(const Command& command, const RunContext& context, const Stop& stop, const base::Secrets* secrets) {
    const Stopwatch watch;
    Stream out(context, "out", secrets);
    Stream err(context, "err", secrets);
    Outcome outcome;
    std::string note;
    if (stop.requested()) {
        outcome.ending = Interrupted{};
    } else if (command.interactive) {
        outcome.ending = run_interactive(command, context, stop, out, err);
    } else {
        outcome.ending = run_piped(command, context, stop, out, err, note);
    }
    outcome.out = out.finish();
    outcome.err = err.finish();
    if (!note.empty()) {
        outcome.err.note = outcome.err.note.empty() ? note : note + "; " + outcome.err.note;
    }
    watch.stamp(outcome);
    return outcome;
}

}  // namespace memrb::system
