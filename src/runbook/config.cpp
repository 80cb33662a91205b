#include "runbook/config.h"

#include "runbook/fields.h"
#include "runbook/read_yaml.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::runbook {

namespace {

std::map<std::string, std::string> read_vars(const Fields& fields, Reporter& report) {
    std::map<std::string, std::string> vars;
    for (auto& [name, value] : read_values(fields.entries("vars"), report)) {
        vars.emplace(name, std::move(value));
    }
    return vars;
}

void check_name(const Node& scalar, Reporter& report) {
    if (const auto checked = check_target_name(scalar.text); !checked) {
        report.error(scalar, checked.error().message, checked.error().hint);
    }
}

ConfigTarget read_target(const Node& key, const Node& value, Reporter& report) {
    check_name(key, report);
    const Fields fields(value, config_target_keys, report);
    ConfigTarget target;
    if (const auto platform = parse_platform(fields.choice("platform"))) {
        target.platform = *platform;
    }
    target.name = key.text;
    if (const Node* name = fields.get("name"); name != nullptr && !fields.text("name").empty()) {
        check_name(*name, report);
        target.name = name->text;
    }
    target.runbook = fields.text("runbook");
    target.vars = read_vars(fields, report);
    return target;
}

bool is_env_name(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
    return !text.empty() && letter(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// What stands in the wrong place may be the secret itself: no message repeats it. `sound`: the map has no mistake that
// explains why there is neither key.
SecretSource read_secret(const Fields& fields, std::string_view name, std::string_view what, bool sound,
                         Reporter& report) {
    const std::string env_key = fmt::format("{}_env", name);
    const std::string file_key = fmt::format("{}_file", name);
    SecretSource source{fields.text(env_key), fields.text(file_key)};
    const Node* env = fields.get(env_key);
    const Node* file = fields.get(file_key);
    if (env != nullptr && file != nullptr) {
        report.error(*file, fmt::format("there is `{}` and `{}`: only one of them can be meant", env_key, file_key));
    } else if (sound && env == nullptr && file == nullptr) {
        report.error(fields.node(), fmt::format("{} needs `{}` or `{}`", what, env_key, file_key),
                     "the secret itself stays out of this file");
    }
    if (env != nullptr && !source.env.empty() && !is_env_name(source.env)) {
        report.error(*env, fmt::format("`{}` is no name of an environment variable", env_key),
                     "letters, digits and `_`, as SLACK_WEBHOOK; the secret itself stays out of this file");
        source.env.clear();
    }
    return source;
}

bool is_web_address(std::string_view text) {
    return (text.starts_with("https://") || text.starts_with("http://")) && text.find_first_of(" \t@") == text.npos &&
           text.size() > std::string_view("https://").size();
}

ConfigContact read_contact(const Node& value, Reporter& report) {
    const Fields fields(value, config_contact_keys, report);
    ConfigContact contact{fields.text("role"), fields.text("reach")};
    if (const Node* slack = fields.get("slack")) {
        const std::size_t before = report.errors();
        const Fields inner(*slack, config_slack_keys, report);
        contact.slack = read_secret(inner, "webhook", "`slack`", report.errors() == before, report);
    }
    if (const Node* pagerduty = fields.get("pagerduty")) {
        const std::size_t before = report.errors();
        const Fields inner(*pagerduty, config_pagerduty_keys, report);
        const bool sound = report.errors() == before;
        contact.pagerduty =
            ConfigPagerDuty{read_secret(inner, "routing_key", "`pagerduty`", sound, report), inner.text("url")};
        const Node* url = inner.get("url");
        if (url != nullptr && !contact.pagerduty->url.empty() && !is_web_address(contact.pagerduty->url)) {
            report.error(*url, "`url` must be an address that begins with https://",
                         "left out: https://events.pagerduty.com/v2/enqueue; in the EU "
                         "https://events.eu.pagerduty.com/v2/enqueue");
        }
    }
    return contact;
}

Config read_config(const Node& root, Reporter& report) {
    Config config;
    const Fields top(root, config_keys, report);
    for (const auto& [key, value] : top.entries("targets")) {
        config.targets.emplace(key->text, read_target(*key, *value, report));
    }
    config.vars = read_vars(top, report);
    for (const auto& [key, value] : top.entries("contacts")) {
        check_id(*key, report);
        config.contacts.emplace(key->text, read_contact(*value, report));
    }
    config.read_only = top.boolean("read_only");
    return config;
}

}  // namespace

tl::expected<Config, std::vector<Diagnostic>> load_config(std::string_view bytes, std::string origin) {
    const auto source = Source::read(bytes, origin);
    if (!source) {
        return tl::unexpected(std::vector<Diagnostic>{source.error()});
    }
    Reporter report(*source, std::move(origin));
    const Document document = read_yaml(*source, report);
    Config config;
    if (document.root != nullptr && document.root->kind != Node::Kind::null) {
        config = read_config(*document.root, report);
    }
    if (report.failed()) {
        return tl::unexpected(report.take());
    }
    return config;
}

}  // namespace memrb::runbook
