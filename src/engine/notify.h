#pragma once

#include "memrb/ports.h"
#include "memrb/standing.h"

#include <functional>
#include <string>
#include <string_view>

namespace memrb::engine {

/// Where a message goes. The address of a Slack webhook and the routing key of PagerDuty are secrets: they are in the
/// request and nowhere else.
struct Channel {
    enum class Kind { slack, pagerduty };
    Kind kind = Kind::slack;
    std::string url;
    std::string key;  ///< pagerduty
};
std::string_view to_string(Channel::Kind kind);

/// PagerDuty's Events API v2, unless the config names another one.
inline constexpr std::string_view pagerduty_events = "https://events.pagerduty.com/v2/enqueue";

struct Message {
    std::string summary;    ///< one line
    std::string text;       ///< the handoff
    std::string source;     ///< the target
    std::string severity;   ///< PagerDuty's words: critical, error, warning, info
    std::string dedup_key;  ///< the incident: however often it is sent, it is one alert
    Timestamp at{};
};
Message message_about(const Standing& standing, const std::string& handoff, Timestamp now);

/// Slack: one text, its special characters escaped so that nothing in it calls a channel. PagerDuty: a trigger.
HttpRequest request_for(const Channel& channel, const Message& message);

/// The channel's host and what it is told, in lines for a person; without the secret.
std::string preview_of(const Channel& channel, const Message& message);

struct Patience {
    std::size_t attempts = 4;
    Milliseconds first{1'000};     ///< doubled before each further attempt
    Milliseconds total{60'000};    ///< of all pauses; a server that asks for more ends it
    Milliseconds timeout{10'000};  ///< of one attempt
};

/// `said` is told before each pause what went wrong and when it goes on.
using SayWait = std::function<void(const std::string& said)>;

/// Sends, and tries again what is worth it: 429 (after as long as the server asks), 5xx, no connection. A message that
/// was sent, but not answered, is sent again only where that cannot make two of it (PagerDuty's dedup key). Pauses are
/// Wait requests of the runner. What comes back holds no secret; `contact` is for the caller to fill in.
Notified deliver(const Channel& channel, const Message& message, Runner& runner, const Stop& stop,
                 const Patience& patience, const SayWait& said);

/// `text` with the channel's secrets in it made unreadable.
std::string without_secret(std::string text, const Channel& channel);

}  // namespace memrb::engine
