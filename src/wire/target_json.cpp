#include "wire/target_json.h"

#include "wire/parts.h"

namespace memrb::wire {

namespace {

ComposeRef compose_from(const Fields& fields) {
    return {fields.text("project"), fields.text("service"), fields.opt_text("working_dir"), fields.texts("files")};
}

Json compose_json(const std::optional<ComposeRef>& compose) {
    if (!compose) {
        return nullptr;
    }
    return {{"project", text_json(compose->project)},
            {"service", text_json(compose->service)},
            {"working_dir", text_json(compose->working_dir)},
            {"files", texts_json(compose->files)}};
}

KubeRef kube_from(const Fields& fields) {
    return {fields.opt_text("context"),
            fields.text("namespace"),
            fields.text("kind"),
            fields.opt_text("selector"),
            fields.opt_text("container"),
            fields.opt_text("resource_version"),
            static_cast<int>(fields.opt_integer("generation", 0).value_or(0))};
}

Json kube_json(const std::optional<KubeRef>& kube) {
    if (!kube) {
        return nullptr;
    }
    return {{"context", or_null(kube->context)},
            {"namespace", text_json(kube->name_space)},
            {"kind", text_json(kube->kind)},
            {"selector", or_null(kube->selector)},
            {"container", or_null(kube->container)},
            {"resource_version", or_null(kube->resource_version)},
            {"generation", kube->generation == 0 ? Json(nullptr) : Json(kube->generation)}};
}

CloudRunRef cloud_run_from(const Fields& fields) {
    return {fields.text("project"),
            fields.text("region"),
            fields.text("service"),
            fields.opt_text("latest_ready"),
            static_cast<int>(fields.opt_integer("generation", 0).value_or(0)),
            fields.opt_number("cpu").value_or(0)};
}

Json cloud_run_json(const std::optional<CloudRunRef>& run) {
    if (!run) {
        return nullptr;
    }
    return {{"project", text_json(run->project)},
            {"region", text_json(run->region)},
            {"service", text_json(run->service)},
            {"latest_ready", or_null(run->latest_ready)},
            {"generation", run->generation == 0 ? Json(nullptr) : Json(run->generation)},
            {"cpu", run->cpu > 0 ? Json(run->cpu) : Json(nullptr)}};
}

}  // namespace

Json to_json(const std::optional<Timestamp>& at) {
    return at ? Json(format_rfc3339(*at)) : Json(nullptr);
}

Json to_json(const Limit& limit) {
    const auto* bytes = std::get_if<Bytes>(&limit);
    return bytes == nullptr ? Json(nullptr) : Json(*bytes);
}

std::string_view limit_kind(const Limit& limit) {
    return std::holds_alternative<Bytes>(limit) ? "bytes" : std::holds_alternative<NoLimit>(limit) ? "none" : "unknown";
}

Limit limit_from(const Fields& fields) {
    const std::string kind = fields.text("limit_kind");
    if (kind == "bytes") {
        const std::uint64_t bytes = fields.count("limit_bytes");
        if (bytes == 0) {
            fields.note("limit_bytes", "must not be 0: that is no limit");
        }
        return bytes;
    }
    if (kind == "none") {
        return NoLimit{};
    }
    if (kind != "unknown") {
        fields.note("limit_kind", "must be bytes, none or unknown");
    }
    return LimitUnknown{};
}

Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : text_json(text);
}

Json to_json(const Target& target) {
    return {{"name", text_json(target.name)},
            {"platform", to_string(target.platform)},
            {"id", or_null(target.id)},
            {"started_at", to_json(target.started_at)},
            {"image", or_null(target.image)},
            {"running", target.running},
            {"pid", target.pid == 0 ? Json(nullptr) : Json(target.pid)},
            {"limit_bytes", to_json(target.limit)},
            {"limit_kind", limit_kind(target.limit)},
            {"compose", compose_json(target.compose)},
            {"kubernetes", kube_json(target.kube)},
            {"cloud_run", cloud_run_json(target.cloud_run)},
            {"labels", map_json(target.labels)},
            {"vars", map_json(target.vars)},
            {"found_by", text_json(target.found_by)}};
}

Target target_from(const Fields& fields) {
    Target target;
    target.name = fields.text("name");
    target.platform = fields.word<Platform>("platform", [](Platform value) { return to_string(value); });
    target.id = fields.opt_text("id");
    target.started_at = fields.opt_time("started_at");
    target.image = fields.opt_text("image");
    target.running = fields.flag("running", true);
    target.pid = fields.opt_integer("pid", 0).value_or(0);  // 0 is "not known" here
    target.limit = limit_from(fields);
    if (fields.has("compose")) {
        target.compose = compose_from(fields.object("compose"));
    }
    if (fields.has("kubernetes")) {
        target.kube = kube_from(fields.object("kubernetes"));
    }
    if (fields.has("cloud_run")) {
        target.cloud_run = cloud_run_from(fields.object("cloud_run"));
    }
    target.labels = fields.map("labels");
    target.vars = fields.map("vars");
    target.found_by = fields.opt_text("found_by");
    return target;
}

Result<Target> target_from_json(const Json& json) {
    Problem problem;
    return problem.check(target_from(Fields(json, "target", problem)));
}

}  // namespace memrb::wire
