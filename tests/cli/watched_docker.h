#pragma once

#include "fake_docker.h"
#include "support/pty.h"

#include <filesystem>
#include <string>
#include <vector>

namespace memrb::test {

/// A FakeDocker that writes down what it is asked, and answers changes as done.
class WatchedDocker {
public:
    WatchedDocker();

    /// `memrb WORDS... --set prometheus=(none)` on this host.
    [[nodiscard]] Run memrb(std::vector<std::string> words) const;
    /// `restart ...`, `stop ...` and `update ...`, as docker was asked to, in their order.
    [[nodiscard]] std::vector<std::string> changes() const;
    /// Reads the terminal until docker was asked for a change; gives up at the deadline.
    void await_change(Pty& terminal, Milliseconds deadline) const;

private:
    TempDir folder_;
    std::filesystem::path log_;
    FakeDocker docker_;
};

}  // namespace memrb::test
