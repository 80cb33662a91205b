#include "base/number.h"
#include "base/text.h"
#include "drill/app_log.h"
#include "drill/go_template.h"
#include "drill/inspect_json.h"
#include "drill/tools.h"
#include "drill/words.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb::drill {

extern const Tool docker_tool;

namespace {

constexpr Milliseconds client{90};          // the docker client starts and asks
constexpr Milliseconds two_samples{2'000};  // `docker stats` waits for a second one
constexpr Milliseconds stopping{10'000};    // a program that does not end by itself

Reply failed(int code, std::string text) {
    Reply reply;
    reply.ending = Exited{code};
    reply.err = std::move(text);
    reply.took = client;
    return reply;
}

Reply no_such(std::string_view name) {
    return failed(1, fmt::format("Error response from daemon: No such container: {}\n", name));
}

// As the docker client prints sizes: four digits.
std::string size_words(double bytes) {
    constexpr std::array<std::string_view, 4> units{"B", "KiB", "MiB", "GiB"};
    std::size_t unit = 0;
    while (bytes >= 1024 && unit + 1 < units.size()) {
        bytes /= 1024;
        ++unit;
    }
    return fmt::format("{:.4g}{}", bytes, units[unit]);
}

Reply stats(const Words& words, const World& world) {
    std::string out;
    const auto add = [&](const Container& container) {
        const double host = static_cast<double>(world.scenario().host_memory);
        const double limit = container.limit > 0 ? container.limit : host;
        const double used = container.running ? container.working_set() : 0;
        out += Json{{"BlockIO", "0B / 0B"},
                    {"CPUPerc", "4.20%"},
                    {"Container", container.name},
                    {"ID", container.id.substr(0, 12)},
                    {"MemPerc", fmt::format("{:.2f}%", container.running ? 100 * used / limit : 0)},
                    {"MemUsage", container.running ? size_words(used) + " / " + size_words(limit) : "0B / 0B"},
                    {"Name", container.name},
                    {"NetIO", "0B / 0B"},
                    {"PIDs", container.running ? "8" : "0"}}
                   .dump() +
               "\n";
    };
    if (words.plain().empty()) {
        for (const auto& container : world.all()) {
            if (!container.removed) {
                add(container);
            }
        }
    }
    for (const auto& name : words.plain()) {
        const Container* container = world.find(name);
        if (container == nullptr) {
            return no_such(name);
        }
        add(*container);
    }
    Reply reply = says(std::move(out));
    reply.took = two_samples;
    return reply;
}

Reply inspect(const Words& words, const World& world) {
    if (words.plain().size() != 1) {
        return not_played("`docker inspect` of several");
    }
    const Container* container = world.find(words.plain().front());
    if (container == nullptr) {
        return failed(1, fmt::format("Error: No such object: {}\n", words.plain().front()));
    }
    const Json json = inspect_json(world, *container);
    const auto format = words.option("--format") ? words.option("--format") : words.option("-f");
    if (!format) {
        return says(Json::array({json}).dump(4) + "\n");
    }
    auto filled = fill_template(*format, json);
    return filled ? says(*filled + "\n") : not_played("this format of `docker inspect`");
}

Reply events(const World& world) {
    constexpr std::size_t kept = 256;  // by the engine
    constexpr std::uint64_t nanoseconds = 1'000'000;
    const auto& all = world.events();
    std::string out;
    for (std::size_t i = all.size() > kept ? all.size() - kept : 0; i < all.size(); ++i) {
        const EngineEvent& event = all[i];
        Json attributes{{"image", event.image}, {"name", event.name}};
        if (event.exit_code) {
            attributes["exitCode"] = std::to_string(*event.exit_code);
        }
        const auto ms = static_cast<std::uint64_t>(event.at.time_since_epoch().count());
        out += Json{{"status", event.action},
                    {"id", event.id},
                    {"from", event.image},
                    {"Type", "container"},
                    {"Action", event.action},
                    {"Actor", {{"ID", event.id}, {"Attributes", std::move(attributes)}}},
                    {"scope", "local"},
                    {"time", ms / 1000},
                    {"timeNano", ms * nanoseconds}}
                   .dump() +
               "\n";
    }
    return says(std::move(out));
}

Reply logs(const Words& words, const World& world) {
    const Container* container = words.plain().empty() ? nullptr : world.find(words.plain().front());
    if (container == nullptr) {
        return no_such(words.plain().empty() ? "" : words.plain().front());
    }
    constexpr std::size_t many = 10'000;
    return says(
        log_of(world, *container, base::number<std::size_t>(words.option("--tail").value_or("")).value_or(many)));
}

Reply top(const std::vector<std::string>& argv, std::size_t at, const World& world) {
    const std::string name = at < argv.size() ? argv[at] : "";
    const Container* container = world.find(name);
    if (container == nullptr) {
        return no_such(name);
    }
    if (!container->running) {
        return failed(1, fmt::format("Error response from daemon: Container {} is not running\n", container->id));
    }
    const std::string program =
        world.service(container->service).spec->redis_maxmemory ? "redis-server *:6379" : "python3 -m app";
    const bool short_form =
        std::find(argv.begin() + static_cast<std::ptrdiff_t>(at), argv.end(), "pid,args") != argv.end();
    return says(short_form ? fmt::format("PID                 COMMAND\n{:<20}{}\n", container->pid, program)
                           : fmt::format("UID                 PID                 PPID                CMD\n"
                                         "1000                {:<20}{:<20}{}\n",
                                         container->pid, container->pid - 1, program));
}

Reply restart(const Words& words, World& world) {
    Reply reply;
    for (const auto& name : words.plain()) {
        const Container* container = world.find(name);
        if (container == nullptr) {
            return no_such(name);
        }
        world.restart(*container);
        reply.out += name + "\n";
    }
    reply.took = stopping;
    reply.changes = true;
    return reply;
}

Reply update(const Words& words, World& world) {
    const auto wanted = words.option("--memory") ? words.option("--memory") : words.option("-m");
    const Container* container = words.plain().size() == 1 ? world.find(words.plain().front()) : nullptr;
    if (container == nullptr || !wanted) {
        return not_played("this `docker update`");
    }
    const auto limit = parse_docker_size(*wanted);
    if (!limit) {
        return failed(125, fmt::format("invalid argument \"{}\" for \"-m, --memory\" flag\n", *wanted));
    }
    world.set_limit(*container, *limit);
    Reply reply = says(words.plain().front() + "\n");
    reply.took = client;
    reply.changes = true;
    return reply;
}

Reply exec(const Words& words, const World& world) {
    const Container* container = words.plain().empty() ? nullptr : world.find(words.plain().front());
    if (container == nullptr) {
        return no_such(words.plain().empty() ? "" : words.plain().front());
    }
    const bool python = words.plain().size() > 1 && words.plain()[1].starts_with("python");
    return python ? says("6180\n") : not_played("`docker exec` of this");  // a new interpreter has just so many objects
}

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* command = std::get_if<Command>(&request);
    if (command == nullptr || command->argv.size() < 2 || command->argv.front() != "docker") {
        return std::nullopt;
    }
    const auto& argv = command->argv;
    const bool grouped = argv[1] == "container";
    const std::string verb = grouped && argv.size() > 2 ? argv[2] : argv[1];
    const std::size_t from = grouped ? 3 : 2;
    const Words words(argv, from,
                      {"--format", "-f", "--since", "--until", "--filter", "--tail", "-n", "--memory", "-m",
                       "--memory-swap", "--time", "-t", "-c"});
    if (verb == "stats") {
        return stats(words, world);
    }
    if (verb == "inspect") {
        return inspect(words, world);
    }
    if (verb == "events") {
        return events(world);
    }
    if (verb == "logs") {
        return logs(words, world);
    }
    if (verb == "top") {
        return top(argv, from, world);
    }
    if (verb == "info" && words.option("--format") == "{{.MemTotal}}") {
        return says(std::to_string(world.scenario().host_memory) + "\n");
    }
    if (verb == "restart") {
        return restart(words, world);
    }
    if (verb == "update") {
        return update(words, world);
    }
    if (verb == "exec") {
        return exec(words, world);
    }
    return not_played(fmt::format("`docker {}`", verb));
}

}  // namespace

const Tool docker_tool{"docker", answer};

}  // namespace memrb::drill
