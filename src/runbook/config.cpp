#include "runbook/config.h"

#include "runbook/fields.h"
#include "runbook/read_yaml.h"

#include <fmt/core.h>

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

Config read_config(const Node& root, Reporter& report) {
    Config config;
    const Fields top(root, config_keys, report);
    for (const auto& [key, value] : top.entries("targets")) {
        config.targets.emplace(key->text, read_target(*key, *value, report));
    }
    config.vars = read_vars(top, report);
    for (const auto& [key, value] : top.entries("contacts")) {
        check_id(*key, report);
        const Fields fields(*value, config_contact_keys, report);
        config.contacts.emplace(key->text, ConfigContact{fields.text("role"), fields.text("reach")});
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
