#include "engine/notify.h"

#include "base/describe.h"
#include "base/retry_after.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace memrb::engine {

namespace {

using nlohmann::json;

constexpr std::size_t longest_summary = 1000;  // PagerDuty takes 1024 characters
constexpr std::size_t longest_text = 3500;     // Slack recommends 4000 characters at most
constexpr std::string_view mask = "[secret]";

// Cut at a line, so that nothing is half said.
std::string shortened(const std::string& text, std::size_t most, std::string_view incident) {
    if (text.size() <= most) {
        return text;
    }
    const std::size_t end = text.rfind('\n', most);
    return text.substr(0, end == std::string::npos ? 0 : end + 1) +
           fmt::format("... all of it: memrb escalate {}", incident);
}

std::string_view severity_of(const Standing& standing) {
    if (!standing.assessment) {
        return "error";
    }
    switch (standing.assessment->level) {
        case Level::critical:
        case Level::oom: return "critical";
        case Level::high:
        case Level::unknown: return "error";
        case Level::warning: return "warning";
        case Level::ok:
        case Level::watch: break;
    }
    return "info";
}

std::string summary_of(const Standing& standing) {
    const std::string name = standing.target ? standing.target->name : "a container";
    if (!standing.assessment) {
        return fmt::format("memory of {}: not judged yet (incident {})", name, standing.incident);
    }
    const Assessment& known = *standing.assessment;
    std::string text = fmt::format("memory of {}: {}", name, to_string(known.level));
    text += known.ratio ? fmt::format(", {} of its limit", format_percent(*known.ratio)) : "";
    const bool killed = known.oom.verdict == OomAssessment::Verdict::confirmed;
    text += killed ? fmt::format(", {} OOM kills", known.oom.count) : "";
    return text + fmt::format(" (incident {})", standing.incident);
}

// Slack reads these three as its own: `<!channel>` would call everybody.
std::string escaped(std::string text) {
    text = base::replace_all(std::move(text), "&", "&amp;");
    text = base::replace_all(std::move(text), "<", "&lt;");
    return base::replace_all(std::move(text), ">", "&gt;");
}

std::string_view host_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    const std::size_t from = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t at = url.find_first_of("/?#", from);
    const std::string_view place = url.substr(from, at == std::string_view::npos ? at : at - from);
    return place.substr(place.find('@') == std::string_view::npos ? 0 : place.find('@') + 1);
}

// What the server gave as its reason: PagerDuty says it in JSON, Slack as a word.
std::string reason_in(const Outcome& outcome, const Channel& channel) {
    constexpr std::size_t widest = 200;
    std::string text = outcome.out.head;
    const json parsed = json::parse(text, nullptr, false);
    if (parsed.is_object()) {
        text = parsed.contains("message") && parsed["message"].is_string() ? parsed["message"].get<std::string>() : "";
        if (parsed.contains("errors") && parsed["errors"].is_array()) {
            for (const auto& error : parsed["errors"]) {
                text += error.is_string() ? (text.empty() ? "" : "; ") + error.get<std::string>() : "";
            }
        }
    }
    text = without_secret(std::move(text), channel);  // before it is cut: half a secret is one, too
    return base::fit(base::first_line(text), widest);
}

enum class Next { delivered, again, failed };

class Sending {
public:
    Sending(const Channel& channel, const Message& message, const Patience& patience)
        : channel_(channel), patience_(patience), request_(request_for(channel, message)) {
        told_.channel = to_string(channel.kind);
        told_.dedup_key = channel.kind == Channel::Kind::pagerduty ? message.dedup_key : "";
    }

    Notified run(Runner& runner, const Stop& stop, const SayWait& said) {
        Milliseconds pause = patience_.first;
        Milliseconds left = patience_.total;
        while (true) {
            RunContext context;
            context.step = fmt::format("notify.{}", to_string(channel_.kind));
            context.timeout = patience_.timeout;
            ++told_.attempts;
            const Outcome outcome = runner.run(request_, context, stop);
            const Next next = judge(outcome);
            if (next != Next::again) {
                return ended(next);
            }
            const auto asked = base::retry_after(outcome.headers);
            const Milliseconds wanted = asked.value_or(pause);
            if (told_.attempts >= patience_.attempts || wanted > left) {
                told_.why += told_.attempts >= patience_.attempts
                                 ? fmt::format(" ({} attempts)", told_.attempts)
                                 : fmt::format(" (it asks to wait for {})", format_duration(wanted));
                return ended(Next::failed);
            }
            if (said) {
                said(fmt::format("{}; again in {}", told_.why, format_duration(wanted)));
            }
            left -= wanted;
            pause *= asked ? 1 : 2;
            if (std::holds_alternative<Interrupted>(runner.run(Wait{wanted}, context, stop).ending)) {
                told_.why += ", and it was interrupted before the next attempt";
                return ended(Next::failed);
            }
        }
    }

private:
    // An attempt that may have arrived makes a failure of the later ones unknown.
    Notified ended(Next how) {
        told_.result = how == Next::delivered ? Notified::Result::delivered
                       : lost_                ? Notified::Result::unknown
                                              : Notified::Result::failed;
        return told_;
    }

    void say(const std::string& why) { told_.why = without_secret(base::printable(why), channel_); }

    Next judge(const Outcome& outcome) {
        told_.status.reset();
        const auto* status = std::get_if<HttpStatus>(&outcome.ending);
        if (status == nullptr) {
            return judge_silence(outcome);
        }
        told_.status = status->code;
        const std::string reason = reason_in(outcome, channel_);
        say(fmt::format("HTTP {}{}", status->code, reason.empty() ? "" : ": " + reason));
        if (outcome.ok()) {
            told_.why.clear();
            return Next::delivered;
        }
        constexpr int too_many = 429;
        return status->code == too_many || status->code / 100 == 5 ? Next::again : Next::failed;
    }

    Next judge_silence(const Outcome& outcome) {
        if (std::holds_alternative<Unknown>(outcome.ending)) {
            say(std::get<Unknown>(outcome.ending).why + ": it may have arrived");
            lost_ = true;
            return channel_.kind == Channel::Kind::pagerduty ? Next::again : Next::failed;
        }
        say(base::describe(outcome.ending));
        const auto* cause = std::get_if<NotStarted>(&outcome.ending);
        const bool hopeless = cause != nullptr && (cause->missing_tool || cause->denied);
        const bool worth_it = std::holds_alternative<TimedOut>(outcome.ending) || (cause != nullptr && !hopeless);
        return worth_it ? Next::again : Next::failed;
    }

    const Channel& channel_;
    const Patience& patience_;
    HttpRequest request_;
    Notified told_;
    bool lost_ = false;  ///< an attempt was sent, and its answer did not come
};

}  // namespace

std::string_view to_string(Channel::Kind kind) {
    return kind == Channel::Kind::slack ? "slack" : "pagerduty";
}

Message message_about(const Standing& standing, const std::string& handoff, Timestamp now) {
    Message message;
    message.summary = base::to_utf8(base::fit(base::printable(summary_of(standing)), longest_summary));
    message.text = base::to_utf8(shortened(handoff, longest_text, standing.incident));
    message.source = base::to_utf8(standing.target ? standing.target->name : "memrb");
    message.severity = severity_of(standing);
    message.dedup_key = "memrb-" + standing.incident;
    message.at = now;
    return message;
}

HttpRequest request_for(const Channel& channel, const Message& message) {
    HttpRequest request;
    request.method = "POST";
    request.url = channel.url;
    request.headers = {{"Content-Type", "application/json"}};
    constexpr Bytes longest_answer = Bytes{64} << 10U;
    request.max_body = longest_answer;
    if (channel.kind == Channel::Kind::slack) {
        request.body = json{{"text", escaped(message.text)}}.dump();
        return request;
    }
    request.body = json{{"routing_key", channel.key},
                        {"event_action", "trigger"},
                        {"dedup_key", message.dedup_key},
                        {"client", "memrb"},
                        {"payload",
                         {{"summary", message.summary},
                          {"source", message.source},
                          {"severity", message.severity},
                          {"timestamp", format_rfc3339(message.at)},
                          {"custom_details", {{"handoff", message.text}}}}}}
                       .dump();
    return request;
}

std::string preview_of(const Channel& channel, const Message& message) {
    if (channel.kind == Channel::Kind::slack) {
        return fmt::format("POST to a Slack webhook at {} (the rest of its address is secret)\n\n{}",
                           host_of(channel.url), message.text);
    }
    return fmt::format(
        "POST to PagerDuty at {} (with the routing key, which is secret)\n"
        "trigger {}, severity {}, source {}\n{}\n\n{}",
        host_of(channel.url), message.dedup_key, message.severity, message.source, message.summary, message.text);
}

Notified deliver(const Channel& channel, const Message& message, Runner& runner, const Stop& stop,
                 const Patience& patience, const SayWait& said) {
    return Sending(channel, message, patience).run(runner, stop, said);
}

std::string without_secret(std::string text, const Channel& channel) {
    if (channel.kind == Channel::Kind::pagerduty) {
        return base::replace_all(std::move(text), channel.key, mask);
    }
    // Of a webhook's address the host is no secret; the path is, and so is each long part of it.
    const std::size_t scheme = channel.url.find("://");
    const std::size_t path = channel.url.find_first_of("/?", scheme == std::string::npos ? 0 : scheme + 3);
    if (path == std::string::npos || path + 1 >= channel.url.size()) {
        return text;
    }
    const std::string secret = channel.url.substr(path + 1);
    text = base::replace_all(std::move(text), secret, mask);
    constexpr std::size_t short_word = 8;
    for (const auto part : base::split(secret, '/')) {
        text = part.size() > short_word ? base::replace_all(std::move(text), part, mask) : std::move(text);
    }
    return text;
}

}  // namespace memrb::engine
