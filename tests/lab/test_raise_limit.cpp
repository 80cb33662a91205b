// The option raise-limit on real Compose services: the file, the container, and the way back.
#include "support/compose_lab.h"
#include "support/docker_lab.h"
#include "support/pty.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

using namespace memrb::test;

namespace {

constexpr std::chrono::seconds a_while(60);  // a diagnosis under sanitizers on a busy machine

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

// `7:     mem_limit: 128m`, for each line that is not what it was.
std::vector<std::string> changed(const std::string& before, const std::string& after) {
    const auto old_lines = lines_of(before);
    const auto new_lines = lines_of(after);
    std::vector<std::string> all;
    for (std::size_t i = 0; i < std::max(old_lines.size(), new_lines.size()); ++i) {
        const std::string now = i < new_lines.size() ? new_lines[i] : "(gone)";
        if (i >= old_lines.size() || old_lines[i] != now) {
            all.push_back(std::to_string(i + 1) + ": " + now);
        }
    }
    return all;
}

std::string limit_of(const DockerLab& lab, const std::string& id) {
    return lab.docker_out({"inspect", "--format", "{{.HostConfig.Memory}}", id});
}

std::string name_of(const DockerLab& lab, const std::string& id) {
    return lab.docker_out({"inspect", "--format", "{{.Name}}", id}).substr(1);
}

struct Style {
    std::string name;
    std::string file;
    std::vector<std::string> changed;
};

const std::string service = "image: memrb-lab/mem\n    command: [working-set=40m, say=ready]\n";

std::vector<Style> styles() {
    return {
        {"short", "services:\n  backend:\n    mem_limit: 64m\n    " + service, {"3:     mem_limit: 128m"}},
        {"long",
         "services:\n  backend:\n    " + service +
             "    deploy:\n      resources:\n        limits:\n          memory: 64M\n",
         {"8:           memory: 128m"}},
        {"quoted", "services:\n  backend:\n    mem_limit: \"64m\"\n    " + service, {"3:     mem_limit: \"128m\""}},
        {"flow",
         "services: {backend: {image: memrb-lab/mem, command: [working-set=40m, say=ready], mem_limit: 64m}}\n",
         {"1: services: {backend: {image: memrb-lab/mem, command: [working-set=40m, say=ready], mem_limit: 128m}}"}},
        {"JSON",
         "{\"services\": {\"backend\": {\"image\": \"memrb-lab/mem\",\n\"command\": [\"working-set=40m\", "
         "\"say=ready\"],\n"
         "\"mem_limit\": \"64m\"}}}\n",
         {"3: \"mem_limit\": \"128m\"}}}"}},
        {"Windows line ends",
         "services:\r\n  backend:\r\n    mem_limit: 64m\r\n    image: memrb-lab/mem\r\n"
         "    command: [working-set=40m, say=ready]\r\n",
         {"3:     mem_limit: 128m\r"}},
        {"comments",
         "# mem_limit: 1g\nservices:\n\n  # the API\n  backend:   # mem_limit\n    mem_limit:  64m   # was 32m\n    " +
             service,
         {"6:     mem_limit:  128m   # was 32m"}},
        {"anchor",
         "x-small: &small 64m\nservices:\n  backend:\n    mem_limit: *small\n    " + service,
         {"4:     mem_limit: 128m"}},
        {"merged",
         "x-defaults: &defaults\n  mem_limit: 64m\n  restart: \"no\"\nservices:\n  backend:\n    <<: *defaults\n    " +
             service,
         {"2:   mem_limit: 128m"}},
        {"several services",
         "services:\n  web:\n    mem_limit: 64m\n    image: memrb-lab/mem\n    scale: 0\n  backend:\n    mem_limit: "
         "64m\n    " +
             service + "  worker:\n    mem_limit: 64m\n    image: memrb-lab/mem\n    scale: 0\n",
         {"7:     mem_limit: 128m"}},
        {"both forms",
         "services:\n  backend:\n    mem_limit: 64m\n    " + service +
             "    deploy:\n      resources:\n        limits:\n          memory: 64m\n",
         {"3:     mem_limit: 128m", "9:           memory: 128m"}},
    };
}

}  // namespace

TEST_CASE("in eleven styles of Compose files the right lines change, and the container gets the limit") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    for (const auto& style : styles()) {
        DYNAMIC_SECTION(style.name) {
            const ComposeProject shop(lab, style.file);
            shop.up();
            const std::string old = shop.container_of("backend");
            REQUIRE(limit_of(*lab, old) == "67108864");
            const std::string name = name_of(*lab, old);
            const auto ran =
                run_memrb({"resolve", name, "raise-limit", "--confirm=" + name, "--set", "memory_limit=128m"})
                    .env(lab->env())
                    .run();
            INFO(ran.describe());
            CHECK(ran.ending == exited(0));
            CHECK(changed(style.file, contents(shop.file())) == style.changed);
            const std::string now = shop.container_of("backend");
            CHECK(now != old);
            CHECK(limit_of(*lab, now) == "134217728");
        }
    }
}

TEST_CASE("a person sees the lines that would change, and the undo brings back file and limit") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const std::string text = "services:\n  backend:\n    mem_limit: 64m  # enough?\n    " + service;
    const ComposeProject shop(lab, text);
    shop.up();
    const std::string name = name_of(*lab, shop.container_of("backend"));
    Pty terminal(run_memrb({"resolve", name, "raise-limit", "--set", "memory_limit=128m"}).env(lab->env()), 100, 60);
    terminal.expect("Type yes to run", a_while);
    CHECK(terminal.transcript().find("- 3:     mem_limit: 64m  # enough?") != std::string::npos);
    CHECK(terminal.transcript().find("+ 3:     mem_limit: 128m  # enough?") != std::string::npos);
    CHECK(contents(shop.file()) == text);
    terminal.send("yes\n");
    terminal.expect("Type yes to run", a_while);
    CHECK(contents(shop.file()) != text);
    terminal.send("yes\n");
    terminal.expect("Watch whether it recovers", a_while);
    terminal.send("n\n");
    terminal.expect("Keep it?", a_while);
    CHECK(limit_of(*lab, shop.container_of("backend")) == "134217728");
    terminal.send("undo\n");
    terminal.expect("Type yes to run", a_while);
    terminal.send("yes\n");
    terminal.expect("Type yes to run", a_while);
    terminal.send("yes\n");
    CHECK(terminal.wait(a_while) == exited(0));
    INFO(terminal.transcript());
    CHECK(contents(shop.file()) == text);
    CHECK(limit_of(*lab, shop.container_of("backend")) == "67108864");
}

TEST_CASE("declined, or not possible: the file and the container stay") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const std::string shared =
        "x-defaults: &defaults\n  mem_limit: 64m\nservices:\n  backend:\n    <<: *defaults\n    " + service +
        "  web:\n    <<: *defaults\n    image: memrb-lab/mem\n    scale: 0\n";
    const ComposeProject shop(lab, shared);
    shop.up();
    const std::string id = shop.container_of("backend");
    const std::string name = name_of(*lab, id);
    const auto refused = run_memrb({"resolve", name, "raise-limit", "--confirm=" + name, "--set", "memory_limit=128m"})
                             .env(lab->env())
                             .run();
    INFO(refused.describe());
    CHECK(refused.ending == exited(1));
    CHECK(refused.err.find("comes from line 2, which other parts of the file use too") != std::string::npos);
    CHECK(contents(shop.file()) == shared);
    CHECK(shop.container_of("backend") == id);

    const auto nonsense = run_memrb({"resolve", name, "raise-limit", "--confirm=" + name, "--set", "memory_limit=lots"})
                              .env(lab->env())
                              .run();
    CHECK(nonsense.err.find("`lots` is no amount of") != std::string::npos);
    CHECK(shop.container_of("backend") == id);
}
