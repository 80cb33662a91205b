#pragma once

namespace memrb::system {

/// Puts the settings of a terminal back as they were found, however memrb ends: at the end of its scope, by exit(), or
/// by a signal that kills (SEGV, BUS, FPE, ILL, ABRT, QUIT), which then still kills. Nothing can be done about SIGKILL.
/// At most one object at a time; on anything but a terminal it does nothing.
class TerminalGuard {
public:
    explicit TerminalGuard(int fd);
    TerminalGuard(const TerminalGuard&) = delete;
    TerminalGuard& operator=(const TerminalGuard&) = delete;
    TerminalGuard(TerminalGuard&&) = delete;
    TerminalGuard& operator=(TerminalGuard&&) = delete;
    ~TerminalGuard();
};

}  // namespace memrb::system
