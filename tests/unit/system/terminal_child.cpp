// What test_terminal_guard.cpp starts in a pseudo-terminal.
#include "stops.h"
#include "system/process.h"
#include "system/terminal_guard.h"

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

void spoil_terminal() {
    termios settings{};
    ::tcgetattr(STDIN_FILENO, &settings);
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &settings);
}

int run_interactive(const std::string& script) {
    memrb::Command command;
    command.argv = {"sh", "-c", script};
    command.interactive = true;
    memrb::RunContext context;
    context.timeout = std::chrono::seconds(20);
    const memrb::Outcome outcome = memrb::system::run_command(command, context, memrb::system::NoStop());
    const auto* exited = std::get_if<memrb::Exited>(&outcome.ending);
    std::printf("ended %d, foreground %s\n", exited == nullptr ? -1 : exited->code,
                ::tcgetpgrp(STDIN_FILENO) == ::getpgrp() ? "back" : "lost");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "interactive") {
        return run_interactive(argv[2]);
    }
    const memrb::system::TerminalGuard guard(STDIN_FILENO);
    spoil_terminal();
    std::puts("spoilt");
    std::fflush(stdout);
    if (mode == "exit") {
        std::exit(3);
    }
    if (mode == "abort") {
        std::abort();
    }
    if (mode == "fault") {
        ::raise(SIGSEGV);
    }
    if (mode == "wait") {
        ::pause();
    }
    return 0;
}
