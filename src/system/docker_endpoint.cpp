#include "system/tools.h"

#include "base/digest.h"
#include "base/text.h"

#include <fmt/core.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

namespace memrb::system {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::string_view default_socket = "/var/run/docker.sock";
constexpr std::size_t largest_config = std::size_t{1} << 20U;

std::optional<Json> read_json(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return std::nullopt;
    }
    std::string text(largest_config, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return Json::parse(text, nullptr, false);
}

std::string text_at(const Json& json, std::string_view pointer) {
    const Json::json_pointer at{std::string(pointer)};
    if (json.is_discarded() || !json.contains(at) || !json[at].is_string()) {
        return {};
    }
    return json[at].get<std::string>();
}

fs::path client_folder(const Environment& environment) {
    return environment.has("DOCKER_CONFIG") ? fs::path(environment.get("DOCKER_CONFIG"))
                                            : fs::path(environment.home()) / ".docker";
}

// Those that exist: a client certificate is optional, and without a CA file the system's are used.
void use_certificates(DockerEndpoint& endpoint, const fs::path& folder) {
    const auto if_there = [&folder](const char* name) {
        std::error_code none;
        return fs::exists(folder / name, none) ? (folder / name).string() : std::string();
    };
    endpoint.ca_file = if_there("ca.pem");
    endpoint.cert_file = if_there("cert.pem");
    endpoint.key_file = if_there("key.pem");
}

// The ports that the docker client takes if none is named.
std::string with_port(const std::string& address, bool tls) {
    const auto bracket = address.rfind(']');
    const auto colon = address.rfind(':');
    const bool named = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    return named ? address : address + (tls ? ":2376" : ":2375");
}

Result<DockerEndpoint> parse_host(const std::string& host, std::string origin, bool tls) {
    DockerEndpoint endpoint;
    endpoint.origin = std::move(origin);
    if (host.starts_with("unix://")) {
        endpoint.address = host.substr(std::string_view("unix://").size());
        if (endpoint.address.empty()) {
            endpoint.address = default_socket;
        }
        return endpoint;
    }
    endpoint.local = false;
    const bool plain = host.find("://") == std::string::npos;  // `host:port` means tcp to the docker client
    if (host.starts_with("tcp://") || plain) {
        std::string address = plain ? host : host.substr(std::string_view("tcp://").size());
        while (address.ends_with('/')) {
            address.pop_back();
        }
        endpoint.kind = DockerEndpoint::Kind::tcp;
        endpoint.address = (tls ? "https://" : "http://") + with_port(address, tls);
        return endpoint;
    }
    if (host.starts_with("http://") || host.starts_with("https://")) {
        endpoint.kind = DockerEndpoint::Kind::tcp;
        endpoint.address = host;
        return endpoint;
    }
    if (host.starts_with("ssh://")) {
        endpoint.kind = DockerEndpoint::Kind::ssh;
        endpoint.address = host;
        return endpoint;
    }
    return fail(Fault::usage, fmt::format("{} is `{}`: no Docker address", endpoint.origin, base::printable(host)),
                "unix:///path, tcp://host:port or ssh://host");
}

Result<DockerEndpoint> from_context(const std::string& name, const Environment& environment) {
    const fs::path contexts = client_folder(environment) / "contexts";
    const std::string folder = base::sha256(name);
    const auto meta = read_json(contexts / "meta" / folder / "meta.json");
    const std::string host = meta ? text_at(*meta, "/Endpoints/docker/Host") : std::string{};
    if (host.empty()) {
        return fail(Fault::usage, fmt::format("the docker context `{}` cannot be read", base::printable(name)),
                    "docker context ls shows those that exist");
    }
    const fs::path certificates = contexts / "tls" / folder / "docker";
    std::error_code none;
    const bool tls = fs::is_directory(certificates, none);
    auto endpoint = parse_host(host, "docker context " + base::printable(name), tls);
    if (endpoint && tls) {
        use_certificates(*endpoint, certificates);
    }
    return endpoint;
}

}  // namespace

Result<DockerEndpoint> find_docker_endpoint(const Environment& environment) {
    if (environment.has("DOCKER_HOST")) {
        const bool tls = environment.has("DOCKER_TLS_VERIFY");
        auto endpoint = parse_host(environment.get("DOCKER_HOST"), "DOCKER_HOST", tls);
        if (endpoint && tls && endpoint->kind == DockerEndpoint::Kind::tcp) {
            use_certificates(*endpoint, environment.has("DOCKER_CERT_PATH")
                                            ? fs::path(environment.get("DOCKER_CERT_PATH"))
                                            : client_folder(environment));
        }
        return endpoint;
    }
    std::string context = environment.get("DOCKER_CONTEXT");
    if (context.empty()) {
        const auto config = read_json(client_folder(environment) / "config.json");
        context = config ? text_at(*config, "/currentContext") : std::string{};
    }
    if (!context.empty() && context != "default") {
        return from_context(context, environment);
    }
    return parse_host("unix://" + std::string(default_socket), "the default socket", false);
}

}  // namespace memrb::system
