// `e` at a change: the editor of the person, the difference, and a question for what is meant now. The tools are
// stand-ins that write down what they are asked.
#include "support/pty.h"
#include "support/temp_dir.h"
#include "watched_docker.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

using namespace memrb::test;
using namespace std::chrono_literals;

namespace {

constexpr auto a_while = 60s;

/// A host, and an editor that does this to the file `$1`.
class Edited {
public:
    [[nodiscard]] Run resolve(const std::string& editor) const {
        const auto script = folder_.write_script("editor", "#!/bin/sh\n" + editor + "\n");
        return docker.memrb({"resolve", "backend", "restart"})
            .env("VISUAL", script.string())
            .env("TMPDIR", folder_.path().string());
    }
    /// Nothing of an edited text is left behind.
    [[nodiscard]] bool clean() const {
        const std::filesystem::directory_iterator left(folder_.path());
        return std::none_of(begin(left), end(left), [](const auto& entry) {
            return entry.path().filename().string().starts_with("memrb-edit-");
        });
    }

    WatchedDocker docker;

private:
    TempDir folder_;
};

}  // namespace

TEST_CASE(
    "an edited change is shown with its difference, asked for as the next higher risk, and run as it was edited") {
    const Edited host;
    Pty terminal(host.resolve("sed -i 's/^restart/restart --time 3/' \"$1\""), 100, 40);
    terminal.expect("e edit", a_while);
    terminal.send("e\n");
    terminal.expect("- restart ", a_while);
    terminal.expect("+ restart --time 3 ", a_while);
    terminal.expect("irreversible", a_while);
    terminal.expect("Type backend to run it", a_while);
    terminal.send("yes\n");
    terminal.expect("Type backend to run it", a_while);
    CHECK(host.docker.changes().empty());
    terminal.send("backend\n");
    host.docker.await_change(terminal, a_while);
    terminal.session().signal(SIGTERM);  // its checks would wait for a container that is none
    (void)terminal.wait(a_while);
    INFO(terminal.transcript());
    REQUIRE(host.docker.changes().size() == 1);
    CHECK(host.docker.changes()[0].starts_with("restart --time 3 "));
    CHECK(terminal.what_is_not_restored() == "");
    CHECK(host.clean());
}

TEST_CASE("what an editor leaves that cannot be run is refused, and the step is what it was") {
    struct Row {
        std::string editor, said;
    };
    for (const auto& row : {Row{"true", "Nothing was changed."}, Row{": >\"$1\"", "Nothing was changed."},
                            Row{"exit 1", "nothing was changed"}, Row{"echo stop backend >>\"$1\"", "in one line"},
                            Row{"echo 'stop \"backend' >\"$1\"", "nothing was changed"},
                            Row{"echo '--context=other restart backend' >\"$1\"", "Not taken: "},
                            Row{"echo 'stop backend | sh' >\"$1\"", "nothing was changed"}}) {
        const Edited host;
        INFO(row.editor);
        Pty terminal(host.resolve(row.editor), 100, 40);
        terminal.expect("Type yes to run", a_while);
        terminal.send("e\n");
        terminal.expect(row.said, a_while);
        terminal.expect("Type yes to run", a_while);
        terminal.send("q\n");
        CHECK(terminal.wait(a_while) == exited(5));
        CHECK(host.docker.changes().empty());
        CHECK(terminal.what_is_not_restored() == "");
        CHECK(host.clean());
    }
}
