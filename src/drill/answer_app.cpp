// What the services themselves answer: http://SERVICE.shop.test:PORT/health and /debug/...
#include "drill/inspect_json.h"
#include "drill/tools.h"

#include <fmt/core.h>

namespace memrb::drill {

extern const Tool app_tool;

namespace {

constexpr int ok = 200;
constexpr int not_found = 404;
constexpr int unavailable = 503;

double cached_in(const World& world, std::size_t service) {
    double sum = 0;
    for (const Container* container : world.containers_of(service)) {
        sum += container->cached;
    }
    return sum;
}

Reply memory_page(const World& world, std::size_t service) {
    Json page = Json::array();
    for (const Container* container : world.containers_of(service)) {
        page.push_back({{"container", container->name},
                        {"resident_bytes", static_cast<std::uint64_t>(container->anon())},
                        {"cache_bytes", static_cast<std::uint64_t>(container->cached)},
                        {"connections", static_cast<std::uint64_t>(container->connections)},
                        {"garbage_bytes", static_cast<std::uint64_t>(container->garbage)}});
    }
    return says_http(ok, page.dump());
}

Reply post(std::string_view page, std::size_t service, World& world) {
    Reply reply = says_http(ok, R"({"done":true})");
    reply.changes = true;
    constexpr Milliseconds a_pause{1'500};
    reply.took = a_pause;
    if (page == "/debug/gc") {
        world.collect_garbage(service);
    } else if (page == "/debug/clear-cache") {
        reply.out = fmt::format(R"({{"freed_bytes":{:.0f}}})", cached_in(world, service));
        world.clear_cache(service);
    } else {
        return says_http(not_found, "no such page\n");
    }
    return reply;
}

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* http = std::get_if<HttpRequest>(&request);
    constexpr std::string_view scheme = "http://";
    constexpr std::string_view domain = ".shop.test";
    const std::size_t dot = http == nullptr ? std::string::npos : http->url.find(domain);
    if (dot == std::string::npos || !http->url.starts_with(scheme)) {
        return std::nullopt;
    }
    const std::string_view url(http->url);
    const auto service = world.service_named(url.substr(scheme.size(), dot - scheme.size()));
    if (!service) {
        return std::nullopt;
    }
    const std::size_t slash = url.find('/', dot);
    const std::string_view page = slash == std::string_view::npos ? "/" : url.substr(slash);
    bool up = false;
    for (const Container* container : world.containers_of(*service)) {
        up = up || container->running;
    }
    if (!up) {
        return says_http(unavailable, "no container of it runs\n");
    }
    if (http->method == "POST") {
        return post(page, *service, world);
    }
    if (page == "/health") {
        return says_http(ok, R"({"status":"ok"})");
    }
    return page == "/debug/memory" ? memory_page(world, *service) : says_http(not_found, "no such page\n");
}

}  // namespace

const Tool app_tool{"app", answer};

}  // namespace memrb::drill
