#include "wire/outcome_json.h"

#include "base/base64.h"
#include "base/text.h"
#include "wire/document.h"
#include "wire/parts.h"

#include <algorithm>

namespace memrb::wire {

namespace {

struct EndingWriter {
    Json operator()(const Exited& end) const { return {{"kind", "exited"}, {"code", end.code}}; }
    Json operator()(const Signalled& end) const { return {{"kind", "signalled"}, {"signal", end.signal}}; }
    Json operator()(const TimedOut& end) const { return {{"kind", "timed_out"}, {"limit_ms", end.limit.count()}}; }
    Json operator()(const Interrupted&) const { return {{"kind", "interrupted"}}; }
    Json operator()(const NotStarted& end) const {
        return {{"kind", "not_started"},
                {"why", text_json(end.why)},
                {"missing_tool", end.missing_tool},
                {"denied", end.denied}};
    }
    Json operator()(const HttpStatus& end) const { return {{"kind", "http_status"}, {"code", end.code}}; }
    Json operator()(const Previewed&) const { return {{"kind", "previewed"}}; }
    Json operator()(const Unknown& end) const { return {{"kind", "unknown"}, {"why", text_json(end.why)}}; }
};

// Bytes that would be altered as a JSON string, or that JSON would blow up (six characters for one control byte: a
// journal line must stay within what is read back), go as base64.
bool fits_json(std::string_view bytes) {
    const auto escaped = static_cast<std::size_t>(
        std::count_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    return escaped <= bytes.size() / 8 + 8 && base::is_utf8(bytes);
}

void add_bytes(Json& json, const std::string& key, std::string_view bytes) {
    if (bytes.empty()) {
        return;
    }
    if (fits_json(bytes)) {
        json[key] = bytes;
    } else {
        json[key + "_base64"] = base::to_base64(bytes);
    }
}

std::string bytes_from(const Fields& fields, const std::string& key) {
    const std::string coded_key = key + "_base64";
    if (!fields.has(coded_key)) {
        return fields.opt_text(key);
    }
    auto bytes = base::from_base64(fields.opt_text(coded_key));
    if (!bytes) {
        fields.note(coded_key, "is no base64");
        return {};
    }
    return std::move(*bytes);
}

Json output_json(const Output& output) {
    Json json = object_for(6);
    json["bytes"] = output.total;
    if (output.dropped != 0) {
        json["dropped"] = output.dropped;
    }
    if (!output.file.empty()) {
        json["file"] = text_json(output.file);
        json["file_bytes"] = output.in_file;
        // What the file lacks is kept here: its end if the cap was reached, its beginning if the disk was full.
        if (output.in_file < output.head.size()) {
            add_bytes(json, "text", output.head);
        }
        if (output.in_file < output.total) {
            add_bytes(json, "tail", output.tail);
        }
    } else if (output.truncated()) {
        add_bytes(json, "text", output.head);
        add_bytes(json, "tail", output.tail);
    } else {
        add_bytes(json, "text", output.tail.empty() ? output.head : output.head + output.tail);
    }
    if (!output.note.empty()) {
        json["note"] = text_json(output.note);
    }
    return json;
}

Output output_from(const Fields& fields) {
    Output output;
    output.total = fields.count("bytes");
    output.dropped = fields.opt_count("dropped").value_or(0);  // left out when nothing is missing
    output.file = fields.opt_text("file");
    output.in_file = output.file.empty() ? 0 : fields.count("file_bytes");
    output.head = bytes_from(fields, "text");
    output.tail = bytes_from(fields, "tail");
    output.note = fields.opt_text("note");
    if (output.dropped > output.total) {
        fields.note("dropped", "must not be more than `bytes`");
    }
    if (output.in_file > output.total) {
        fields.note("file_bytes", "must not be more than `bytes`");
    }
    if (output.file.empty() && output.head.size() + output.tail.size() != output.total - output.dropped) {
        fields.note("text", "does not have the length that `bytes` says");
    }
    return output;
}

}  // namespace

Json to_json(const Ending& ending) {
    return std::visit(EndingWriter{}, ending);
}

Ending ending_from(const Fields& fields) {
    const std::string kind = fields.text("kind");
    if (kind == "exited") {
        return Exited{fields.integer("code")};
    }
    if (kind == "signalled") {
        return Signalled{fields.integer("signal", 1)};
    }
    if (kind == "timed_out") {
        return TimedOut{fields.milliseconds("limit_ms")};
    }
    if (kind == "interrupted") {
        return Interrupted{};
    }
    if (kind == "not_started") {
        return NotStarted{fields.text("why"), fields.flag("missing_tool", false), fields.flag("denied", false)};
    }
    if (kind == "http_status") {
        return HttpStatus{fields.integer("code")};
    }
    if (kind == "previewed") {
        return Previewed{};
    }
    if (kind != "unknown") {
        fields.note(
            "kind",
            "must be exited, signalled, timed_out, interrupted, not_started, http_status, previewed or unknown");
    }
    return Unknown{fields.opt_text("why")};
}

Result<Ending> ending_from_json(const Json& json) {
    Problem problem;
    return problem.check(ending_from(Fields(json, "ending", problem)));
}

Json to_json(const Outcome& outcome) {
    Json json = object_for(7);
    json["ending"] = to_json(outcome.ending);
    json["out"] = output_json(outcome.out);
    json["err"] = output_json(outcome.err);
    json["started"] = format_rfc3339(outcome.started);
    json["elapsed_ms"] = outcome.elapsed.count();
    if (outcome.source != 0) {
        json["source"] = outcome.source;
    }
    if (!outcome.headers.empty()) {
        json["headers"] = pairs_json(outcome.headers);
    }
    return json;
}

Outcome outcome_from(const Fields& fields) {
    Outcome outcome;
    outcome.ending = ending_from(fields.object("ending"));
    outcome.out = output_from(fields.object("out"));
    outcome.err = output_from(fields.object("err"));
    outcome.source = fields.opt_count("source").value_or(0);  // left out for the first source
    outcome.started = fields.time("started");
    outcome.elapsed = fields.milliseconds("elapsed_ms");
    outcome.headers = fields.pairs("headers");
    return outcome;
}

Result<Outcome> outcome_from_json(const Json& json) {
    Problem problem;
    return problem.check(outcome_from(Fields(json, "outcome", problem)));
}

}  // namespace memrb::wire
