// `e` at a change: the editor of the person, the difference, and a question for what is meant now. The tools are
// stand-ins that write down what they are asked.
#include "fake_docker.h"
#include "support/pty.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

using namespace memrb::test;
using namespace std::chrono_literals;

namespace {

constexpr auto a_while = 60s;

class Host {
public:
    Host() : log_(folder_ / "asked") {
        std::filesystem::rename(docker_.bin() / "docker", docker_.bin() / "docker-recorded");
        docker_.tool("docker",
                     "#!/bin/sh\necho \"$*\" >>'" + log_.string() +
                         "'\ncase $1 in logs|top|restart|stop) exit 0 ;; esac\nexec docker-recorded \"$@\"\n");
    }

    /// With an editor that does this to the file `$1`.
    [[nodiscard]] Run run(const std::string& editor) const {
        const auto script = folder_.write_script("editor", "#!/bin/sh\n" + editor + "\n");
        return run_memrb({"resolve", "backend", "restart", "--set", "prometheus=http://127.0.0.1:1"})
            .env("DOCKER_HOST", "unix://" + docker_.socket().string())
            .env("VISUAL", script.string())
            .env("TMPDIR", folder_.path().string())
            .path_first(docker_.bin());
    }
    /// `restart ...` and `stop ...`, as docker was asked to.
    [[nodiscard]] std::vector<std::string> changes() const {
        std::vector<std::string> all;
        std::ifstream file(log_);
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("restart") || line.starts_with("stop")) {
                all.push_back(line);
            }
        }
        return all;
    }
    /// Nothing of an edited text is left behind.
    [[nodiscard]] bool clean() const {
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
            if (entry.path().filename().string().starts_with("memrb-edit-")) {
                return false;
            }
        }
        return true;
    }

private:
    TempDir folder_;
    std::filesystem::path log_;
    FakeDocker docker_;
};

}  // namespace

TEST_CASE(
    "an edited change is shown with its difference, asked for as the next higher risk, and run as it was edited") {
    const Host host;
    Pty terminal(host.run("sed -i 's/^restart/restart --time 3/' \"$1\""), 100, 40);
    terminal.expect("e edit", a_while);
    terminal.send("e\n");
    terminal.expect("- restart ", a_while);
    terminal.expect("+ restart --time 3 ", a_while);
    terminal.expect("irreversible", a_while);
    terminal.expect("Type backend to run it", a_while);
    terminal.send("yes\n");
    terminal.expect("Type backend to run it", a_while);
    CHECK(host.changes().empty());
    terminal.send("backend\n");
    const auto until = std::chrono::steady_clock::now() + a_while;
    while (host.changes().empty() && std::chrono::steady_clock::now() < until) {
        terminal.read_for(50ms);
    }
    terminal.session().signal(SIGTERM);  // its checks would wait for a container that is none
    (void)terminal.wait(a_while);
    INFO(terminal.transcript());
    REQUIRE(host.changes().size() == 1);
    CHECK(host.changes()[0].starts_with("restart --time 3 "));
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
        const Host host;
        INFO(row.editor);
        Pty terminal(host.run(row.editor), 100, 40);
        terminal.expect("Type yes to run", a_while);
        terminal.send("e\n");
        terminal.expect(row.said, a_while);
        terminal.expect("Type yes to run", a_while);
        terminal.send("q\n");
        CHECK(terminal.wait(a_while) == exited(5));
        CHECK(host.changes().empty());
        CHECK(terminal.what_is_not_restored() == "");
        CHECK(host.clean());
    }
}
