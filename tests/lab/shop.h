#pragma once

#include "support/compose_lab.h"
#include "support/docker_lab.h"
#include "support/http_client.h"

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::test {

/// A Python service that leaks, caches and makes garbage when it is told to (`backend`: pyapp/app.py, 128 MiB), with
/// its Redis, in Compose: as a shop would run them.
///
///     const Shop shop(lab);
///     (void)shop.tell("/leak?bytes=80000000");
///     const Ran ran = shop.resolve("restart").run();
class Shop {
public:
    explicit Shop(const std::shared_ptr<const DockerLab>& lab);

    [[nodiscard]] std::string id() const { return project_.container_of("backend"); }
    [[nodiscard]] std::string name() const;
    [[nodiscard]] const ComposeProject& project() const { return project_; }

    /// Until it answers: after `up`, and after a restart.
    void await_service() const;
    /// POST to the service; its JSON answer.
    [[nodiscard]] nlohmann::json tell(const std::string& what) const;

    /// `memrb resolve` with the addresses that the option needs, for a person.
    [[nodiscard]] Run ask(const std::string& option, const std::vector<std::string>& flags = {}) const;
    /// The same, agreed to by flag, with its result as JSON.
    [[nodiscard]] Run resolve(const std::string& option, const std::vector<std::string>& flags = {}) const;

private:
    [[nodiscard]] std::string address() const;
    [[nodiscard]] std::optional<HttpReply> request(std::string_view method, const std::string& what) const;

    std::shared_ptr<const DockerLab> lab_;
    ComposeProject project_;
};

}  // namespace memrb::test
