#include "actions/engine_api.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

namespace {

constexpr Bytes longest_answer = Bytes{32} << 20U;  // the list of thousands of containers

}  // namespace

std::optional<HttpRequest> engine_get(const DockerEndpoint& endpoint, std::string_view path) {
    HttpRequest request;
    request.max_body = longest_answer;
    switch (endpoint.kind) {
        case DockerEndpoint::Kind::unix_socket:
            request.url = fmt::format("http://docker{}", path);
            request.unix_socket = endpoint.address;
            return request;
        case DockerEndpoint::Kind::tcp: {
            std::string base = endpoint.address;
            base.erase(base.find_last_not_of('/') + 1);
            request.url = fmt::format("{}{}", base, path);
            request.ca_file = endpoint.ca_file;
            request.cert_file = endpoint.cert_file;
            request.key_file = endpoint.key_file;
            return request;
        }
        case DockerEndpoint::Kind::ssh: return std::nullopt;
    }
    return std::nullopt;
}

std::string describe_engine(const DockerEndpoint& endpoint) {
    const std::string_view scheme = endpoint.kind == DockerEndpoint::Kind::unix_socket ? "unix://" : "";
    const std::string address = base::printable(endpoint.address);
    return endpoint.origin.empty() ? fmt::format("{}{}", scheme, address)
                                   : fmt::format("{}{} ({})", scheme, address, base::printable(endpoint.origin));
}

bool is_container_id(std::string_view text) {
    return text.size() >= 12 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

}  // namespace memrb::actions
