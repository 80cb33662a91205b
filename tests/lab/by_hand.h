#pragma once

#include "support/pty.h"

#include <string>
#include <vector>

namespace memrb::test {

/// An option and words of each of its tasks, in their order.
struct ByHand {
    std::string option;
    std::vector<std::string> tasks;
};

/// Does the tasks of `memrb resolve TARGET OPTION` as a person who is asked for them, and leaves once it is applied.
/// Each answer may take `limit`.
inline void do_by_hand(const Run& resolve, const ByHand& wanted, Milliseconds limit) {
    Pty terminal(resolve, 200, 50);
    for (const auto& task : wanted.tasks) {
        terminal.expect(task, limit);
        terminal.expect("Done?", limit);
        terminal.send("done\n");
    }
    terminal.expect(wanted.option + " applied", limit);
    terminal.send("\x03");
    (void)terminal.wait(limit);
}

}  // namespace memrb::test
