#pragma once

#include "incident_home.h"
#include "support/http_server.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace memrb::test {

inline constexpr const char* secret_word = "aVerySecretWord99";
inline constexpr const char* secret_path = "/services/T0001/B0002/aVerySecretWord99";
inline constexpr const char* routing_key = "0123456789abcdef0123456789abcdef";

/// The address of its webhook is in the environment.
inline constexpr const char* slack_config =
    "contacts:\n  backend_lead: {reach: \"Slack @maria\", slack: {webhook_env: HOOK}}\n";

/// Nothing that memrb said or wrote has the secret.
inline void check_secrecy(const Ran& ran, const IncidentHome& home) {
    for (const char* secret : {secret_word, routing_key}) {
        CHECK(ran.out.find(secret) == std::string::npos);
        CHECK(ran.err.find(secret) == std::string::npos);
        CHECK(home.files_with(secret).empty());
    }
}

/// `memrb escalate --notify backend_lead FLAGS...`, with the webhook on this server.
inline Run notify(const IncidentHome& home, const HttpServer& server, std::vector<std::string> flags) {
    std::vector<std::string> words{"escalate", "a2b3", "--notify", "backend_lead"};
    words.insert(words.end(), flags.begin(), flags.end());
    return home.memrb(std::move(words)).env("HOOK", server.url() + secret_path);
}

}  // namespace memrb::test
