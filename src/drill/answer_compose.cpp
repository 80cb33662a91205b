#include "base/number.h"
#include "base/text.h"
#include "drill/redis_info.h"
#include "drill/tools.h"
#include "drill/words.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::drill {

extern const Tool compose_tool;

namespace {

constexpr Milliseconds stopping{11'000};
constexpr Milliseconds making{12'000};

Reply no_such(std::string_view service) {
    Reply reply;
    reply.ending = Exited{1};
    reply.err = fmt::format("no such service: {}\n", service);
    return reply;
}

// Compose tells what it does on stderr.
std::string progress(const World& world, std::size_t service, std::string_view word) {
    std::string text;
    for (const Container* container : world.containers_of(service)) {
        text += fmt::format(" Container {}  {}\n", container->name, word);
    }
    return text;
}

Reply restart(std::size_t service, World& world) {
    world.restart_all(service);
    Reply reply;
    reply.err = progress(world, service, "Restarting") + progress(world, service, "Started");
    reply.took = stopping;
    reply.changes = true;
    return reply;
}

Reply up(const Words& words, std::size_t service, World& world) {
    std::optional<int> replicas;
    if (const auto scale = words.option("--scale")) {
        const std::size_t equals = scale->find('=');
        const auto count = base::number<int>(std::string_view(*scale).substr(equals + 1));
        constexpr int most = 20;
        if (equals == std::string::npos || !count || *count < 0 || *count > most ||
            scale->substr(0, equals) != world.service(service).spec->name) {
            return not_played("this `--scale`");
        }
        replicas = count;
    }
    Reply reply;
    reply.changes = world.apply(service, replicas);
    reply.err = progress(world, service, reply.changes ? "Started" : "Running");
    reply.took = reply.changes ? making : Milliseconds{900};
    return reply;
}

Reply ps(std::size_t service, const World& world) {
    std::string out = "NAME                IMAGE               COMMAND             SERVICE             STATUS\n";
    for (const Container* container : world.containers_of(service)) {
        out += fmt::format("{:<20}{:<20}{:<20}{:<20}{}\n", container->name, container->version.image, "\"app\"",
                           world.service(service).spec->name, container->running ? "Up" : "Restarting");
    }
    return says(std::move(out));
}

Reply exec(const std::vector<std::string>& own, std::size_t service, const World& world) {
    const bool asks_redis = std::find(own.begin(), own.end(), "redis-cli") != own.end() &&
                            std::find(own.begin(), own.end(), "info") != own.end();
    const auto there = world.containers_of(service);
    if (asks_redis && world.service(service).spec->redis_maxmemory && !there.empty() && there.front()->running) {
        return says(redis_info(*there.front(), *world.service(service).spec->redis_maxmemory));
    }
    return not_played("`docker compose exec` of this");
}

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* command = std::get_if<Command>(&request);
    if (command == nullptr || command->argv.size() < 3 || command->argv[0] != "docker" ||
        command->argv[1] != "compose") {
        return std::nullopt;
    }
    const Words words(command->argv, 2,
                      {"-p", "--project-name", "--project-directory", "-f", "--file", "--env-file", "--scale"});
    const auto& plain = words.plain();
    if (plain.empty()) {
        return not_played("`docker compose` alone");
    }
    if (plain.size() < 2) {
        return not_played(fmt::format("`docker compose {}` of all services", plain[0]));
    }
    const auto service = world.service_named(plain[1]);
    if (!service) {
        return no_such(plain[1]);
    }
    if (plain[0] == "restart") {
        return restart(*service, world);
    }
    if (plain[0] == "up") {
        return up(words, *service, world);
    }
    if (plain[0] == "ps") {
        return ps(*service, world);
    }
    return plain[0] == "exec" ? exec(plain, *service, world) : not_played(fmt::format("`docker compose {}`", plain[0]));
}

}  // namespace

const Tool compose_tool{"compose", answer};

}  // namespace memrb::drill
