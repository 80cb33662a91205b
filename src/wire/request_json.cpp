#include "wire/request_json.h"

#include "wire/document.h"
#include "wire/parts.h"

namespace memrb::wire {

namespace {

void add_text(Json& json, const char* key, const std::string& text) {
    if (!text.empty()) {
        json[key] = text_json(text);
    }
}

void add_pairs(Json& json, const char* key, const Pairs& pairs) {
    if (!pairs.empty()) {
        json[key] = pairs_json(pairs);
    }
}

struct Writer {
    Json operator()(const Command& command) const {
        Json json = object_for(6);
        json["kind"] = "command";
        json["argv"] = texts_json(command.argv);
        add_pairs(json, "env", command.env);
        add_text(json, "stdin", command.stdin_text);
        add_text(json, "cwd", command.cwd);
        if (command.interactive) {
            json["interactive"] = true;
        }
        return json;
    }
    Json operator()(const HttpRequest& request) const {
        Json json{{"kind", "http"}, {"method", text_json(request.method)}, {"url", text_json(request.url)}};
        add_pairs(json, "headers", request.headers);
        add_text(json, "body", request.body);
        add_text(json, "unix_socket", request.unix_socket);
        add_text(json, "ca_file", request.ca_file);
        add_text(json, "cert_file", request.cert_file);
        add_text(json, "key_file", request.key_file);
        if (!request.token_command.empty()) {
            json["token_command"] = texts_json(request.token_command);
        }
        add_text(json, "page_parameter", request.page_parameter);
        if (request.max_body != HttpRequest{}.max_body) {
            json["max_body_bytes"] = request.max_body;
        }
        return json;
    }
    Json operator()(const ReadCgroup& read) const {
        Json containers = Json::array();
        for (const auto& container : read.containers) {
            containers.push_back(
                {{"id", text_json(container.id)}, {"pid", container.pid == 0 ? Json(nullptr) : Json(container.pid)}});
        }
        return {{"kind", "read_cgroup"}, {"containers", std::move(containers)}};
    }
    Json operator()(const SampleMemory& sample) const {
        Json sources = Json::array();
        for (const auto& source : sample.sources) {
            sources.push_back(std::visit(*this, source));
        }
        return {{"kind", "sample_memory"}, {"sources", std::move(sources)}};
    }
    Json operator()(const FileEdit& edit) const {
        Json json{{"kind", "file_edit"}, {"files", texts_json(edit.files)}};
        if (!edit.places.empty()) {
            json["places"] = Json::array();
            for (const auto& place : edit.places) {
                json["places"].push_back({{"keys", texts_json(place)}});
            }
        }
        add_text(json, "value", edit.value);
        add_text(json, "restore", edit.restore);
        add_text(json, "left_as", edit.left_as);
        if (edit.preview) {
            json["preview"] = true;
        }
        return json;
    }
    Json operator()(const HumanTask& task) const {
        return {{"kind", "human_task"}, {"instructions", text_json(task.instructions)}};
    }
    Json operator()(const Wait& wait) const { return {{"kind", "wait"}, {"duration_ms", wait.duration.count()}}; }
};

Command command_from(const Fields& fields) {
    Command command;
    if (!fields.has("argv")) {
        fields.note("argv", "is missing");
    }
    command.argv = fields.texts("argv");
    command.env = fields.pairs("env");
    command.stdin_text = fields.opt_text("stdin");
    command.cwd = fields.opt_text("cwd");
    command.interactive = fields.flag("interactive", false);
    return command;
}

HttpRequest http_from(const Fields& fields) {
    HttpRequest request;
    request.method = fields.text("method");
    request.url = fields.text("url");
    request.headers = fields.pairs("headers");
    request.body = fields.opt_text("body");
    request.unix_socket = fields.opt_text("unix_socket");
    request.ca_file = fields.opt_text("ca_file");
    request.cert_file = fields.opt_text("cert_file");
    request.key_file = fields.opt_text("key_file");
    request.token_command = fields.texts("token_command");
    request.page_parameter = fields.opt_text("page_parameter");
    request.max_body = fields.opt_count("max_body_bytes").value_or(request.max_body);
    return request;
}

ReadCgroup cgroup_from(const Fields& fields) {
    ReadCgroup read;
    for (const auto& container : fields.objects("containers")) {
        read.containers.push_back({container.text("id"), container.opt_integer("pid", 0).value_or(0)});
    }
    return read;
}

SampleMemory sample_from(const Fields& fields) {
    SampleMemory sample;
    for (const auto& source : fields.objects("sources")) {
        const std::string kind = source.text("kind");
        if (kind == "read_cgroup") {
            sample.sources.emplace_back(cgroup_from(source));
        } else if (kind == "http") {
            sample.sources.emplace_back(http_from(source));
        } else if (kind == "command") {
            sample.sources.emplace_back(command_from(source));
        } else {
            source.note("kind", "must be read_cgroup, http or command");
        }
    }
    return sample;
}

FileEdit edit_from(const Fields& fields) {
    FileEdit edit;
    edit.files = fields.texts("files");
    for (const auto& place : fields.objects("places")) {
        edit.places.push_back(place.texts("keys"));
    }
    edit.value = fields.opt_text("value");
    edit.restore = fields.opt_text("restore");
    edit.left_as = fields.opt_text("left_as");
    edit.preview = fields.flag("preview", false);
    return edit;
}

}  // namespace

Json to_json(const Request& request) {
    return std::visit(Writer{}, request);
}

Request request_from(const Fields& fields) {
    const std::string kind = fields.text("kind");
    if (kind == "command") {
        return command_from(fields);
    }
    if (kind == "http") {
        return http_from(fields);
    }
    if (kind == "sample_memory") {
        return sample_from(fields);
    }
    if (kind == "file_edit") {
        return edit_from(fields);
    }
    if (kind == "human_task") {
        return HumanTask{fields.text("instructions")};
    }
    if (kind == "wait") {
        return Wait{fields.milliseconds("duration_ms")};
    }
    fields.note("kind", "must be command, http, sample_memory, file_edit, human_task or wait");
    return HumanTask{};
}

Result<Request> request_from_json(const Json& json) {
    Problem problem;
    return problem.check(request_from(Fields(json, "request", problem)));
}

}  // namespace memrb::wire
