#include "system/signals.h"

#include "run_sh.h"

#include <poll.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <csignal>

using namespace memrb;
using namespace memrb::system;

namespace {

bool readable(const Stop& stop) {
    pollfd asked{stop.poll_fd(), POLLIN, 0};
    return ::poll(&asked, 1, 0) == 1;
}

auto disposition(int signal) {
    struct sigaction now{};
    ::sigaction(signal, nullptr, &now);
    return now.sa_handler;
}

}  // namespace

TEST_CASE("Ctrl-C requests a stop, is counted and can be forgotten") {
    SignalStop stop;
    CHECK_FALSE(stop.requested());
    CHECK_FALSE(readable(stop));
    CHECK(stop.signal() == 0);
    ::raise(SIGINT);
    CHECK(stop.requested());
    CHECK(readable(stop));
    CHECK(stop.presses() == 1);
    CHECK(stop.signal() == SIGINT);
    ::raise(SIGINT);
    CHECK(stop.presses() == 2);
    stop.reset();
    CHECK_FALSE(stop.requested());
    CHECK_FALSE(readable(stop));
    CHECK(stop.presses() == 0);
    CHECK(stop.signal() == 0);
}

TEST_CASE("a signal that ends memrb is not forgotten, also when Ctrl-C comes after it") {
    for (const int signal : {SIGTERM, SIGHUP}) {
        SignalStop stop;
        ::raise(signal);
        ::raise(SIGINT);
        CHECK(stop.signal() == signal);
        stop.reset();
        CHECK(stop.requested());
        CHECK(readable(stop));
        CHECK(stop.signal() == signal);
    }
}

TEST_CASE("Ctrl-C ends a running program") {
    SignalStop stop;
    const Outcome outcome = run_command(sh("kill -INT " + std::to_string(::getpid()) + "; sleep 60"), {}, stop);
    CHECK(outcome.ending == Ending(Interrupted{}));
}

TEST_CASE("what was ignored from the start stays ignored") {
    std::signal(SIGHUP, SIG_IGN);
    {
        const SignalStop stop;
        ::raise(SIGHUP);
        CHECK_FALSE(stop.requested());
    }
    CHECK(disposition(SIGHUP) == SIG_IGN);
    std::signal(SIGHUP, SIG_DFL);
}

TEST_CASE("the dispositions are put back") {
    const auto interrupt = disposition(SIGINT);
    const auto pipe = disposition(SIGPIPE);
    {
        const SignalStop stop;
        CHECK(disposition(SIGINT) != interrupt);
        CHECK(disposition(SIGPIPE) == SIG_IGN);
        CHECK(disposition(SIGXFSZ) == SIG_IGN);
    }
    CHECK(disposition(SIGINT) == interrupt);
    CHECK(disposition(SIGPIPE) == pipe);
    CHECK(disposition(SIGXFSZ) == SIG_DFL);
}

TEST_CASE("exit codes are not lost if memrb was started with SIGCHLD ignored") {
    std::signal(SIGCHLD, SIG_IGN);
    {
        const SignalStop stop;
        CHECK(run(sh("exit 7")).ending == Ending(Exited{7}));
    }
    CHECK(run(sh("exit 7")).ending == Ending(Unknown{"its exit status was taken by somebody else"}));
    std::signal(SIGCHLD, SIG_DFL);
}
