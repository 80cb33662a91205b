#include "watched_docker.h"

#include <chrono>
#include <fstream>
#include <string_view>

namespace memrb::test {

WatchedDocker::WatchedDocker() : log_(folder_ / "asked") {
    std::filesystem::rename(docker_.bin() / "docker", docker_.bin() / "docker-recorded");
    docker_.tool("docker", "#!/bin/sh\necho \"$*\" >>'" + log_.string() +
                               "'\ncase $1 in logs|top|restart|stop|update) exit 0 ;; esac\n"
                               "exec docker-recorded \"$@\"\n");
}

Run WatchedDocker::memrb(std::vector<std::string> words) const {
    words.insert(words.end(), {"--set", "prometheus=http://127.0.0.1:1"});
    return run_memrb(words).env("DOCKER_HOST", "unix://" + docker_.socket().string()).path_first(docker_.bin());
}

std::vector<std::string> WatchedDocker::changes() const {
    std::vector<std::string> all;
    std::ifstream file(log_);
    for (std::string line; std::getline(file, line);) {
        const std::string_view verb = std::string_view(line).substr(0, line.find(' '));
        if (verb == "restart" || verb == "stop" || verb == "update") {
            all.push_back(line);
        }
    }
    return all;
}

void WatchedDocker::await_change(Pty& terminal, Milliseconds deadline) const {
    const auto until = std::chrono::steady_clock::now() + deadline;
    while (changes().empty() && std::chrono::steady_clock::now() < until) {
        terminal.read_for(std::chrono::milliseconds(50));
    }
}

}  // namespace memrb::test
