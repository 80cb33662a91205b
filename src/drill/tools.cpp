#include "drill/tools.h"

#include <fmt/core.h>
#include <array>

namespace memrb::drill {

// One line for each tool NAME: its constant NAME_tool stands in answer_NAME.cpp. The first that knows a request wins.
#define MEMRB_DRILL_TOOLS(REGISTER) \
    REGISTER(compose)               \
    REGISTER(docker)                \
    REGISTER(engine_api)            \
    REGISTER(prometheus)            \
    REGISTER(kernel)                \
    REGISTER(compose_file)          \
    REGISTER(app)                   \
    REGISTER(kubectl)               \
    REGISTER(gcloud)                \
    REGISTER(cloud_monitoring)

#define DECLARE_TOOL(name) extern const Tool name##_tool;
#define ADDRESS_OF_TOOL(name) &name##_tool,

MEMRB_DRILL_TOOLS(DECLARE_TOOL)

std::span<const Tool* const> tools() {
    static constexpr std::array all{MEMRB_DRILL_TOOLS(ADDRESS_OF_TOOL)};
    return all;
}

Reply says(std::string out) {
    Reply reply;
    reply.out = std::move(out);
    return reply;
}

Reply says_http(int status, std::string body) {
    Reply reply;
    reply.ending = HttpStatus{status};
    reply.out = std::move(body);
    constexpr Milliseconds over_the_network{40};
    reply.took = over_the_network;
    return reply;
}

Reply not_played(std::string_view what) {
    Reply reply;
    constexpr int not_found = 127;
    reply.ending = Exited{not_found};
    reply.err = fmt::format("{} is not part of this drill\n", what);
    return reply;
}

}  // namespace memrb::drill
