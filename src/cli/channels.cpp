#include "cli/channels.h"

#include "base/text.h"
#include "cli/world.h"
#include "system/files.h"
#include "system/http_failure.h"

#include <fmt/core.h>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>

namespace memrb::cli {

namespace {

constexpr Bytes longest_secret = Bytes{4} << 10U;

std::string place_of(const runbook::SecretSource& source) {
    return source.env.empty() ? base::printable(source.file) : "$" + source.env;
}

// Others on this machine could read it, and write to the channel in memrb's name.
void warn_if_open(World& world, const runbook::SecretSource& source) {
    namespace fs = std::filesystem;
    std::error_code none;
    const auto mode = fs::status(source.file, none).permissions();
    const auto others = fs::perms::group_read | fs::perms::others_read;
    if (!none && (mode & others) != fs::perms::none) {
        world.warn(fmt::format("{} holds a secret and can be read by others: chmod 600 {}", place_of(source),
                               place_of(source)));
    }
}

// What was read is masked from now on wherever memrb writes.
Result<std::string> read_secret(World& world, const runbook::SecretSource& source) {
    if (!source.env.empty()) {
        const std::string& value = world.environment().get(source.env);
        if (value.empty()) {
            return fail(Fault::usage, fmt::format("the environment variable {} is not set", source.env),
                        "the config names it as the place of a secret");
        }
        world.secrets().add(base::trim(value));
        return std::string(base::trim(value));
    }
    warn_if_open(world, source);
    auto text = system::read_file(source.file, longest_secret);
    if (!text) {
        return fail(Fault::usage, text.error().message, "the config names it as the place of a secret");
    }
    const std::string secret(base::trim(*text));
    world.secrets().add(secret);
    return secret.empty() ? Result<std::string>(fail(Fault::usage, fmt::format("{} is empty", place_of(source))))
                          : Result<std::string>(secret);
}

// In plain text only to this machine: a secret on the wire is none.
bool is_safe_address(std::string_view url) {
    const bool clean = std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    return clean && url.find('@') == std::string_view::npos &&
           (url.starts_with("https://") || (url.starts_with("http://") && system::is_loopback(url)));
}

Result<engine::Channel> slack(World& world, const runbook::SecretSource& source) {
    auto url = read_secret(world, source);
    if (!url) {
        return tl::unexpected(url.error());
    }
    if (!is_safe_address(*url)) {
        return fail(Fault::usage, fmt::format("{} holds no address that begins with https://", place_of(source)),
                    "Slack shows it where the incoming webhook was made");
    }
    return engine::Channel{engine::Channel::Kind::slack, *std::move(url), {}};
}

Result<engine::Channel> pagerduty(World& world, const runbook::ConfigPagerDuty& config) {
    auto key = read_secret(world, config.routing_key);
    if (!key) {
        return tl::unexpected(key.error());
    }
    constexpr std::size_t shortest = 16;
    constexpr std::size_t longest = 64;
    const bool fits = key->size() >= shortest && key->size() <= longest &&
                      std::all_of(key->begin(), key->end(), [](unsigned char c) { return std::isalnum(c) != 0; });
    if (!fits) {
        return fail(Fault::usage, fmt::format("{} holds no routing key", place_of(config.routing_key)),
                    "32 letters and digits: PagerDuty calls it the integration key of an Events API v2 integration");
    }
    const std::string url = config.url.empty() ? std::string(engine::pagerduty_events) : config.url;
    if (!is_safe_address(url)) {
        return fail(Fault::usage, "the config's address of PagerDuty must begin with https://",
                    "leave `url` out for PagerDuty's own");
    }
    return engine::Channel{engine::Channel::Kind::pagerduty, url, *std::move(key)};
}

}  // namespace

std::vector<Callee> callees_of(const std::vector<Contact>& contacts, const ConfigContacts& config) {
    std::vector<Callee> all;
    const auto add = [&](const std::string& key, const std::string& role, const std::string& reach) {
        // `[Configure in your org]` is what a runbook says that is meant for everybody.
        Callee callee{key, role, reach.find('[') == std::string::npos ? reach : "", {}};
        if (const auto own = config.find(key); own != config.end()) {
            callee.role = own->second.role.empty() ? role : own->second.role;
            callee.reach = own->second.reach;
            if (own->second.slack) {
                callee.channels.emplace_back("slack");
            }
            if (own->second.pagerduty) {
                callee.channels.emplace_back("pagerduty");
            }
        }
        all.push_back(std::move(callee));
    };
    for (const auto& contact : contacts) {
        add(contact.key, contact.role, contact.reach);
    }
    for (const auto& [key, contact] : config) {
        if (std::none_of(contacts.begin(), contacts.end(), [&](const Contact& one) { return one.key == key; })) {
            add(key, contact.role, contact.reach);
        }
    }
    return all;
}

Result<std::vector<engine::Channel>> channels_of(World& world, const std::string& contact,
                                                 const std::vector<Callee>& callees, const ConfigContacts& config) {
    const auto callee =
        std::find_if(callees.begin(), callees.end(), [&](const Callee& one) { return one.key == contact; });
    if (callee == callees.end()) {
        std::vector<std::string> known;
        for (const auto& one : callees) {
            known.push_back(one.key);
        }
        return fail(
            Fault::usage,
            fmt::format("there is no contact `{}`{}", base::printable(contact), base::did_you_mean(contact, known)),
            known.empty() ? "neither the runbook nor your config has `contacts`"
                          : "contacts: " + base::join(known, ", "));
    }
    const auto own = config.find(contact);
    if (own == config.end() || callee->channels.empty()) {
        return fail(Fault::usage,
                    fmt::format("memrb has no channel to {}: call them yourself{}", contact,
                                callee->reach.empty() ? "" : ", " + base::printable(callee->reach)),
                    fmt::format("give contacts.{} `slack` or `pagerduty` in config.yaml", contact));
    }
    std::vector<engine::Channel> channels;
    if (own->second.slack) {
        auto channel = slack(world, *own->second.slack);
        if (!channel) {
            return tl::unexpected(channel.error());
        }
        channels.push_back(*std::move(channel));
    }
    if (own->second.pagerduty) {
        auto channel = pagerduty(world, *own->second.pagerduty);
        if (!channel) {
            return tl::unexpected(channel.error());
        }
        channels.push_back(*std::move(channel));
    }
    return channels;
}

}  // namespace memrb::cli
