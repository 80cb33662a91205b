#include "runbook/scenario.h"

#include "runbook/fields.h"
#include "runbook/read_yaml.h"
#include "runbook/scenario_keys.h"

#include "base/number.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::runbook {

namespace {

constexpr Milliseconds shortest{100};
constexpr Milliseconds day{24 * 3'600'000};

class Reader {
public:
    explicit Reader(Reporter& report) : report_(report) {}

    Scenario read(const Node& root) {
        const Fields top(root, scenario_keys, report_);
        if (const Node* version = top.get("drill"); version != nullptr && version->text != "1") {
            report_.error(*version, fmt::format("format {} is not known", quoted(version->text)), "this is format 1");
        }
        Scenario drill;
        drill.id = top.id("id");
        drill.title = top.text("title");
        drill.alert = top.text("alert");
        drill.platform = parse_platform(top.choice("platform")).value_or(Platform::docker);
        drill.runbook = top.id("runbook");
        drill.target = top.id("target");
        drill.culprit = top.id("culprit");
        drill.culprit = drill.culprit.empty() ? drill.target : drill.culprit;
        for (auto& [name, value] : read_values(top.entries("vars"), report_)) {
            drill.vars.emplace(name, std::move(value));
        }
        drill.host_memory = bytes(top, "host_memory").value_or(drill.host_memory);
        drill.before = top.duration("before", Milliseconds{60'000}, day).value_or(drill.before);
        for (const Node* item : top.items("services")) {
            drill.services.push_back(service(*item, drill.before));
        }
        for (const Node* item : top.items("changes")) {
            const Fields fields(*item, drill_change_keys, report_);
            drill.changes.push_back(
                {offset(fields, "at").value_or(Milliseconds{0}), fields.choice("prometheus") == "up"});
        }
        drill.cause = top.id("cause");
        drill.explanation = top.text("explanation");
        drill.sensible = top.texts("sensible");
        drill.escalate_by = top.duration("escalate_by", shortest, day);
        drill.team_takes = top.duration("team_takes", shortest, day);
        drill.par = top.duration("par", shortest, day).value_or(drill.par);
        drill.hints = top.texts("hints");
        for (const Node* item : top.items("good_path")) {
            const Fields fields(*item, drill_move_keys, report_);
            drill.good_path.push_back({fields.text("answer"), fields.text("why")});
        }
        check_names(top, drill);
        return drill;
    }

private:
    std::optional<Bytes> bytes(const Fields& fields, std::string_view key) {
        const Node* node = fields.get(key);
        if (node == nullptr || fields.text(key).empty()) {
            return std::nullopt;
        }
        const auto amount = parse_quantity(node->text);
        if (!amount) {
            report_.error(*node, amount.error().message, "for example 512Mi");
            return std::nullopt;
        }
        return *amount;
    }

    std::optional<double> number(const Fields& fields, std::string_view key) {
        const Node* node = fields.get(key);
        if (node == nullptr || fields.text(key).empty()) {
            return std::nullopt;
        }
        constexpr double most = 1e6;
        const auto value = base::number<double>(node->text);
        if (!value || !(*value >= 0) || *value > most) {
            report_.error(*node, fmt::format("{} is no number from 0 to a million", quoted(node->text)));
            return std::nullopt;
        }
        return value;
    }

    // `-90m` lies before the alert, `10m` after it.
    std::optional<Milliseconds> offset(const Fields& fields, std::string_view key) {
        const Node* node = fields.get(key);
        if (node == nullptr || fields.text(key).empty()) {
            return std::nullopt;
        }
        std::string_view text(node->text);
        const bool before = text.starts_with('-');
        text.remove_prefix(before ? 1 : 0);
        const auto span = text == "0" ? Result<Milliseconds>(Milliseconds{0}) : parse_duration(text);
        if (!span || *span > day) {
            report_.error(*node, fmt::format("{} is no time from the alert on", quoted(node->text)),
                          "for example -90m (before it), 10m (after it) or 0");
            return std::nullopt;
        }
        return before ? -*span : *span;
    }

    DrillMemory memory(const Node& node) {
        const Fields fields(node, drill_memory_keys, report_);
        DrillMemory memory;
        const auto take = [&](std::string_view key, Bytes& into) { into = bytes(fields, key).value_or(0); };
        take("base", memory.base);
        take("leak_per_hour", memory.leak_per_hour);
        take("per_request", memory.per_request);
        take("cache_per_hour", memory.cache_per_hour);
        take("cache_up_to", memory.cache_up_to);
        take("garbage_per_hour", memory.garbage_per_hour);
        take("garbage_up_to", memory.garbage_up_to);
        take("file_per_hour", memory.file_per_hour);
        take("file_up_to", memory.file_up_to);
        take("payload", memory.payload);
        take("per_connection", memory.per_connection);
        memory.takes = fields.duration("takes", Milliseconds{1}, day).value_or(memory.takes);
        memory.payload_every = fields.duration("payload_every", shortest, day).value_or(memory.payload_every);
        memory.payload_takes = fields.duration("payload_takes", shortest, day).value_or(memory.payload_takes);
        memory.connections = number(fields, "connections").value_or(0);
        memory.connections_per_hour = number(fields, "connections_per_hour").value_or(0);
        if (memory.payload > 0 && memory.payload_every <= Milliseconds{0}) {
            report_.error(node, "`payload` needs `payload_every`");
        }
        return memory;
    }

    DrillVersion version(const Node& node) {
        const Fields fields(node, drill_version_keys, report_);
        DrillVersion version{fields.text("image"), offset(fields, "since"), {}};
        if (const Node* inner = fields.get("memory")) {
            version.memory = memory(*inner);
        }
        return version;
    }

    DrillService service(const Node& node, Milliseconds before) {
        const Fields fields(node, drill_service_keys, report_);
        DrillService service;
        service.name = fields.id("name");
        service.limit = bytes(fields, "limit");
        service.replicas = fields.integer("replicas", 1, 20).value_or(1);
        Milliseconds last = -before;
        for (const Node* item : fields.items("versions")) {
            service.versions.push_back(version(*item));
            const auto& since = service.versions.back().since;
            if (service.versions.size() > 1 && (!since || *since <= last)) {
                report_.error(*item,
                              "a later version needs a `since` behind that of the one before it, within `before`");
            } else if (service.versions.size() == 1 && since) {
                report_.error(*item, "the oldest version runs from the beginning: it has no `since`");
            }
            last = since.value_or(last);
        }
        if (const Node* fixed = fields.get("fixed")) {
            service.fixed = version(*fixed);
        }
        for (const Node* item : fields.items("load")) {
            const Fields point(*item, drill_load_keys, report_);
            const DrillLoad load{offset(point, "at").value_or(Milliseconds{0}),
                                 number(point, "per_second").value_or(0)};
            if (!service.load.empty() && service.load.back().at >= load.at) {
                report_.error(*item, "the points of a load must follow one another in time");
            }
            service.load.push_back(load);
        }
        service.log = fields.texts("log");
        service.redis_maxmemory = bytes(fields, "redis_maxmemory");
        service.child_killed = offset(fields, "child_killed");
        return service;
    }

    void check_names(const Fields& top, const Scenario& drill) {
        std::vector<std::string> names;
        for (const auto& service : drill.services) {
            if (!service.name.empty() && std::find(names.begin(), names.end(), service.name) != names.end()) {
                report_.error(*top.get("services"), fmt::format("there are two services {}", quoted(service.name)));
            }
            names.push_back(service.name);
        }
        for (const std::string_view key : {"target", "culprit"}) {
            const Node* node = top.get(key);
            if (node != nullptr && !names.empty() && std::find(names.begin(), names.end(), node->text) == names.end()) {
                report_.error(*node, fmt::format("no service is called {}{}", quoted(node->text),
                                                 report_.suggest(node->text, names)));
            }
        }
    }

    Reporter& report_;
};

}  // namespace

tl::expected<Scenario, std::vector<Diagnostic>> load_scenario(std::string_view bytes, std::string origin) {
    const auto source = Source::read(bytes, origin);
    if (!source) {
        return tl::unexpected(std::vector<Diagnostic>{source.error()});
    }
    Reporter report(*source, std::move(origin));
    const Document document = read_yaml(*source, report);
    Scenario drill;
    if (document.root != nullptr) {
        drill = Reader(report).read(*document.root);
    } else if (!report.failed()) {
        report.error_at(0, "a drill's file is empty");
    }
    if (report.failed()) {
        return tl::unexpected(report.take());
    }
    return drill;
}

}  // namespace memrb::runbook
