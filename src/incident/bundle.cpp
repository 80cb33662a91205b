#include "incident/bundle.h"

#include "base/base64.h"
#include "base/text.h"
#include "incident/files.h"
#include "incident/load.h"
#include "incident/outputs.h"
#include "wire/document.h"
#include "wire/event_json.h"

#include <fmt/core.h>

namespace memrb::incident {

namespace {

using wire::Json;

constexpr std::string_view schema = "memrb/bundle/v1";
constexpr std::uint64_t most_file_bytes = std::uint64_t{128} << 20U;
constexpr wire::DocumentLimits bundle_limits{
    .bytes = std::size_t{256} << 20U, .depth = 310, .members = 10'000, .all_members = 2'000'000};

tl::unexpected<Error> not_a_bundle(std::string_view what) {
    return fail(Fault::failed, fmt::format("the bundle {}", what));
}

Result<void> collect_file(const std::filesystem::path& folder, const Output& output, Bundle& bundle) {
    if (output.file.empty() || bundle.files.contains(output.file)) {
        return {};
    }
    const FolderFiles files(folder);
    const auto size = files.size(output.file);
    if (!size) {
        return tl::unexpected(size.error());
    }
    if (*size > most_file_bytes) {
        return fail(Fault::failed,
                    fmt::format("{}: {} are too much for a bundle", base::printable(output.file), format_bytes(*size)));
    }
    auto bytes = files.read(output.file, 0, static_cast<std::size_t>(*size));
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    bundle.files.emplace(output.file, *std::move(bytes));
    return {};
}

Json file_json(const std::string& bytes) {
    return base::is_utf8(bytes) ? Json(bytes) : Json{{"base64", base::to_base64(bytes)}};
}

Result<std::string> file_from(const std::string& name, const Json& json) {
    if (json.is_string()) {
        return json.get<std::string>();
    }
    const auto coded = json.is_object() ? json.find("base64") : json.end();
    if (coded == json.end() || !coded->is_string()) {
        return not_a_bundle(fmt::format("has a file `{}` that is neither text nor base64", base::printable(name)));
    }
    auto bytes = base::from_base64(coded->get_ref<const std::string&>());
    return bytes ? Result<std::string>(*std::move(bytes))
                 : not_a_bundle(fmt::format("has a file `{}` with broken base64", base::printable(name)));
}

Result<std::vector<Event>> journal_from(const Json& json) {
    std::vector<Event> events;
    for (const auto& item : json) {
        const std::string where = fmt::format("event {} of the bundle", events.size() + 1);
        auto event = wire::event_from_json(item);
        if (!event) {
            return fail(Fault::failed, fmt::format("{}: {}", where, event.error().message));
        }
        if (auto numbered = check_number(*event, events.size(), where); !numbered) {
            return tl::unexpected(numbered.error());
        }
        events.push_back(*std::move(event));
    }
    return events;
}

}  // namespace

Result<Bundle> collect_bundle(const std::filesystem::path& folder) {
    auto record = load(folder);
    if (!record) {
        return tl::unexpected(record.error());
    }
    Bundle bundle{std::move(record->events), {}};
    for (const auto& event : bundle.journal) {
        const auto* finished = std::get_if<StepFinished>(&event.body);
        if (finished == nullptr) {
            continue;
        }
        for (const Output* output : {&finished->outcome.out, &finished->outcome.err}) {
            if (auto collected = collect_file(folder, *output, bundle); !collected) {
                return tl::unexpected(collected.error());
            }
        }
    }
    return bundle;
}

std::string write_bundle(const Bundle& bundle) {
    std::string text = fmt::format("{{\"schema\":\"{}\",\n\"journal\":[", schema);
    for (const auto& event : bundle.journal) {
        text += &event == bundle.journal.data() ? "\n" : ",\n";
        text += wire::dump(wire::to_json(event));
    }
    text += "\n],\n\"files\":{";
    bool first = true;
    for (const auto& [name, bytes] : bundle.files) {
        text += first ? "\n" : ",\n";
        text += wire::dump(Json(base::to_utf8(name))) + ":" + wire::dump(file_json(bytes));
        first = false;
    }
    return text + "\n}}\n";
}

Result<Bundle> read_bundle(std::string_view text) {
    const auto json = wire::parse_json(text, bundle_limits);
    if (!json) {
        return not_a_bundle(json.error().message);
    }
    if (!json->is_object() || json->value("schema", Json()) != schema) {
        return not_a_bundle(fmt::format("has no `schema` of {}", schema));
    }
    const auto journal = json->find("journal");
    const auto files = json->find("files");
    if (journal == json->end() || !journal->is_array()) {
        return not_a_bundle("has no `journal`");
    }
    if (files == json->end() || !files->is_object()) {
        return not_a_bundle("has no `files`");
    }
    Bundle bundle;
    auto events = journal_from(*journal);
    if (!events) {
        return tl::unexpected(events.error());
    }
    bundle.journal = *std::move(events);
    for (const auto& [name, content] : files->items()) {
        auto bytes = file_from(name, content);
        if (auto safe = check_file_name(name); !safe || !bytes) {
            return tl::unexpected(safe ? bytes.error() : safe.error());
        }
        bundle.files.insert_or_assign(name, *std::move(bytes));
    }
    return bundle;
}

}  // namespace memrb::incident
