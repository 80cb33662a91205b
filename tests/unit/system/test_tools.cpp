#include "system/tools.h"

#include "base/digest.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

using namespace memrb;
using namespace memrb::system;
using memrb::test::TempDir;
using Kind = DockerEndpoint::Kind;

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

Environment with(Values values) {
    return Environment(std::move(values));
}

DockerEndpoint endpoint(Values values) {
    values.emplace("HOME", "/no/such/home");
    const auto found = find_docker_endpoint(with(std::move(values)));
    INFO((found ? "" : found.error().message));
    REQUIRE(found);
    return *found;
}

std::string problem(Values values) {
    values.emplace("HOME", "/no/such/home");
    const auto found = find_docker_endpoint(with(std::move(values)));
    return found ? "none" : found.error().message;
}

/// A docker client folder with one context.
TempDir client_with_context(const std::string& name, const std::string& host) {
    TempDir folder;
    folder.write("contexts/meta/" + base::sha256(name) + "/meta.json",
                 R"({"Name":")" + name + R"(","Metadata":{},"Endpoints":{"docker":{"Host":")" + host +
                     R"(","SkipTLSVerify":false}}})");
    return folder;
}

}  // namespace

TEST_CASE("without any setting the engine is at its default socket") {
    const DockerEndpoint found = endpoint({});
    CHECK(found.kind == Kind::unix_socket);
    CHECK(found.address == "/var/run/docker.sock");
    CHECK(found.origin == "the default socket");
    CHECK(found.local);
}

TEST_CASE("DOCKER_HOST names a socket, a host or a login") {
    CHECK(endpoint({{"DOCKER_HOST", "unix:///run/user/1000/docker.sock"}}).address == "/run/user/1000/docker.sock");
    CHECK(endpoint({{"DOCKER_HOST", "unix://"}}).address == "/var/run/docker.sock");
    const DockerEndpoint tcp = endpoint({{"DOCKER_HOST", "tcp://10.0.0.5:2375"}});
    CHECK(tcp.kind == Kind::tcp);
    CHECK(tcp.address == "http://10.0.0.5:2375");
    CHECK(tcp.origin == "DOCKER_HOST");
    CHECK(tcp.ca_file.empty());
    CHECK_FALSE(tcp.local);
    CHECK(endpoint({{"DOCKER_HOST", "tcp://10.0.0.5"}}).address == "http://10.0.0.5:2375");
    CHECK(endpoint({{"DOCKER_HOST", "tcp://[::1]"}}).address == "http://[::1]:2375");
    CHECK(endpoint({{"DOCKER_HOST", "tcp://[::1]:99/"}}).address == "http://[::1]:99");
    CHECK(endpoint({{"DOCKER_HOST", "localhost:4243"}}).address == "http://localhost:4243");
    const DockerEndpoint ssh = endpoint({{"DOCKER_HOST", "ssh://ops@host"}});
    CHECK(ssh.kind == Kind::ssh);
    CHECK(ssh.address == "ssh://ops@host");
    CHECK_FALSE(ssh.local);
}

TEST_CASE("an address of another kind is an error that names where it comes from") {
    CHECK(problem({{"DOCKER_HOST", "npipe:////./pipe/docker_engine"}}) ==
          "DOCKER_HOST is `npipe:////./pipe/docker_engine`: no Docker address");
    CHECK(problem({{"DOCKER_HOST", "ftp://x\x1b[2J"}}) == "DOCKER_HOST is `ftp://x\\x1b[2J`: no Docker address");
}

TEST_CASE("DOCKER_TLS_VERIFY makes it https, with the certificates that exist") {
    const TempDir certificates;
    certificates.write("ca.pem", "");
    certificates.write("cert.pem", "");
    certificates.write("key.pem", "");
    const DockerEndpoint found = endpoint(
        {{"DOCKER_HOST", "tcp://engine"}, {"DOCKER_TLS_VERIFY", "1"}, {"DOCKER_CERT_PATH", certificates.str()}});
    CHECK(found.address == "https://engine:2376");
    CHECK(found.ca_file == certificates.str() + "/ca.pem");
    CHECK(found.cert_file == certificates.str() + "/cert.pem");
    CHECK(found.key_file == certificates.str() + "/key.pem");

    const TempDir home;
    home.write(".docker/ca.pem", "");
    const DockerEndpoint default_place =
        endpoint({{"HOME", home.str()}, {"DOCKER_HOST", "tcp://engine:1"}, {"DOCKER_TLS_VERIFY", "1"}});
    CHECK(default_place.address == "https://engine:1");
    CHECK(default_place.ca_file == home.str() + "/.docker/ca.pem");
    CHECK(default_place.cert_file.empty());
}

TEST_CASE("the context that the docker client uses is found as it finds it") {
    const std::string recorded = std::string(MEMRB_FIXTURES) + "/recorded/docker/context";
    const DockerEndpoint current = endpoint({{"DOCKER_CONFIG", recorded}});
    CHECK(current.address == "/run/staging/docker.sock");
    CHECK(current.origin == "docker context staging");
    CHECK(current.local);
    CHECK(endpoint({{"DOCKER_CONFIG", recorded}, {"DOCKER_CONTEXT", "default"}}).origin == "the default socket");
    CHECK(endpoint({{"DOCKER_CONFIG", recorded}, {"DOCKER_HOST", "unix:///a"}}).address == "/a");
}

TEST_CASE("DOCKER_CONTEXT wins over the config, and brings its certificates") {
    const TempDir folder = client_with_context("prod", "tcp://prod.example.test:2376");
    folder.write("config.json", R"({"currentContext":"staging"})");
    folder.write("contexts/tls/" + base::sha256("prod") + "/docker/ca.pem", "");
    const DockerEndpoint found = endpoint({{"DOCKER_CONFIG", folder.str()}, {"DOCKER_CONTEXT", "prod"}});
    CHECK(found.address == "https://prod.example.test:2376");
    CHECK(found.ca_file == folder.str() + "/contexts/tls/" + base::sha256("prod") + "/docker/ca.pem");
    CHECK(found.key_file.empty());
    CHECK_FALSE(found.local);
}

TEST_CASE("a context that cannot be read is an error, not the default engine") {
    const TempDir folder;
    folder.write("config.json", R"({"currentContext":"gone"})");
    CHECK(problem({{"DOCKER_CONFIG", folder.str()}}) == "the docker context `gone` cannot be read");
    folder.write("contexts/meta/" + base::sha256("gone") + "/meta.json", "{not json");
    CHECK(problem({{"DOCKER_CONFIG", folder.str()}}) == "the docker context `gone` cannot be read");
    CHECK(problem({{"DOCKER_CONTEXT", "../../etc"}}) == "the docker context `../../etc` cannot be read");
}

TEST_CASE("a config of the docker client that is broken counts as none") {
    const TempDir folder;
    for (const char* text : {"", "{", "[]", "null", R"({"currentContext":7})", R"({"currentContext":""})"}) {
        folder.write("config.json", text);
        CHECK(endpoint({{"DOCKER_CONFIG", folder.str()}}).origin == "the default socket");
    }
}

TEST_CASE("a program is a file on PATH that may be run") {
    const TempDir first;
    const TempDir second;
    first.write("docker", "not executable");
    std::filesystem::create_directory(first / "docker-compose");
    const auto docker = second.write_script("docker", "#!/bin/sh\n");
    const Environment environment = with({{"PATH", "/no/such:" + first.str() + ":" + second.str()}});
    CHECK(find_program("docker", environment) == docker.string());
    CHECK(find_program("docker-compose", environment).empty());
}

TEST_CASE("docker and compose are found by looking, without starting them") {
    const TempDir bin;
    const TempDir config;
    const std::string ran = (bin / "ran").string();
    const auto tools = [&] {
        return find_tools(with({{"PATH", bin.str()}, {"DOCKER_CONFIG", config.str()}, {"HOME", bin.str()}}), {});
    };
    CHECK(tools().docker_command.empty());
    CHECK(tools().compose_command.empty());

    bin.write_script("docker-compose", "#!/bin/sh\ntouch " + ran + "\n");
    config.write_script("cli-plugins/docker-compose", "#!/bin/sh\ntouch " + ran + "\n");
    CHECK(tools().compose_command == std::vector<std::string>{"docker-compose"});  // a plugin is nothing without docker

    bin.write_script("docker", "#!/bin/sh\ntouch " + ran + "\n");
    CHECK(tools().docker_command == std::vector<std::string>{"docker"});
    CHECK(tools().compose_command == std::vector<std::string>{"docker", "compose"});
    CHECK_FALSE(std::filesystem::exists(ran));
}
