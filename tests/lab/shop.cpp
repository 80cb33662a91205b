#include "shop.h"

#include <catch2/catch.hpp>
#include <thread>

namespace memrb::test {

namespace {

constexpr std::chrono::seconds a_while(90);

constexpr std::string_view compose_yml =
    "services:\n"
    "  backend:\n"
    "    image: memrb-lab/python\n"
    "    mem_limit: 128m\n"
    "    stop_grace_period: 1s\n"
    "  redis:\n"
    "    image: memrb-lab/redis\n"
    "    mem_limit: 64m\n";

}  // namespace

Shop::Shop(const std::shared_ptr<const DockerLab>& lab) : lab_(lab), project_(lab, compose_yml) {
    project_.up();
    await_service();
}

std::string Shop::name() const {
    return lab_->docker_out({"inspect", "--format", "{{.Name}}", id()}).substr(1);
}

void Shop::await_service() const {
    const auto end = std::chrono::steady_clock::now() + a_while;
    while (!request("GET", "/health") && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));  // nothing tells when it listens
    }
    REQUIRE(request("GET", "/health"));
}

nlohmann::json Shop::tell(const std::string& what) const {
    const auto reply = request("POST", what);
    REQUIRE(reply);
    REQUIRE(reply->status == 200);
    return nlohmann::json::parse(reply->body);
}

Run Shop::ask(const std::string& option, const std::vector<std::string>& flags) const {
    const std::string base = "http://" + address() + ":8000";
    std::vector<std::string> words{"resolve",
                                   name(),
                                   option,
                                   "--set",
                                   "debug_url=" + base + "/debug",
                                   "--set",
                                   "health_url=" + base + "/health",
                                   "--set",
                                   "redis_service=redis"};
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(words).env(lab_->env()).timeout(a_while);
}

Run Shop::resolve(const std::string& option, const std::vector<std::string>& flags) const {
    std::vector<std::string> all{"--confirm=" + name(), "-o", "json"};
    all.insert(all.end(), flags.begin(), flags.end());
    return ask(option, all);
}

std::string Shop::address() const {
    const auto all =
        lab_->docker_out({"inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", id()});
    return all.substr(0, all.find(' '));
}

std::optional<HttpReply> Shop::request(std::string_view method, const std::string& what) const {
    return http({.port = 8000, .host = address()}, method, what);
}

}  // namespace memrb::test
