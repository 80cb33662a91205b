#include "drill/inspect_json.h"
#include "drill/tools.h"
#include "drill/url.h"

namespace memrb::drill {

extern const Tool engine_api_tool;

namespace {

constexpr int ok = 200;
constexpr int not_found = 404;

Reply no_such(std::string_view what) {
    return says_http(not_found, Json{{"message", std::string(what)}}.dump());
}

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* http = std::get_if<HttpRequest>(&request);
    constexpr std::string_view host = "http://docker";
    if (http == nullptr || http->unix_socket.empty() || !http->url.starts_with(host)) {
        return std::nullopt;
    }
    const std::string_view path = split_url(std::string_view(http->url).substr(host.size())).path;
    if (path == "/containers/json") {
        Json all = Json::array();
        for (const auto& container : world.all()) {
            if (!container.removed) {
                all.push_back(listed_json(world, container));
            }
        }
        return says_http(ok, all.dump());
    }
    constexpr std::string_view containers = "/containers/";
    const std::size_t slash = path.rfind('/');
    if (http->method != "GET" || !path.starts_with(containers) || slash < containers.size()) {
        return no_such("page not found");
    }
    const std::string_view name = path.substr(containers.size(), slash - containers.size());
    const std::string_view verb = path.substr(slash + 1);
    const Container* container = world.find(name);
    if (container == nullptr) {
        return no_such("No such container: " + std::string(name));
    }
    if (verb == "json") {
        return says_http(ok, inspect_json(world, *container).dump());
    }
    return verb == "stats" ? says_http(ok, stats_json(world, *container).dump()) : no_such("page not found");
}

}  // namespace

const Tool engine_api_tool{"engine_api", answer};

}  // namespace memrb::drill
