#include "system/file_edit.h"

#include "base/digest.h"
#include "base/text.h"
#include "system/files.h"
#include "system/stopwatch.h"
#include "system/yaml_edit.h"

#include <fmt/core.h>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

namespace memrb::system {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr Bytes largest_file = Bytes{1} << 20U;

struct Picked {
    fs::path file;
    std::string text;
};

// A later file of a Compose project wins over those before it, so the last that says something is the one that counts.
Result<Picked> pick(const FileEdit& edit) {
    if (edit.files.empty() || edit.places.empty()) {
        return fail(Fault::failed, "there is no file or nothing to set");
    }
    std::optional<Picked> makes;
    Error why{Fault::failed, {}, {}};
    for (auto file = edit.files.rbegin(); file != edit.files.rend(); ++file) {
        auto text = read_file(*file, largest_file);
        if (!text) {
            return tl::unexpected(text.error());
        }
        const auto has = has_any(*text, edit.places);
        if (!has) {
            return fail(Fault::failed, fmt::format("{}:{}", *file, has.error().message));
        }
        if (*has) {
            return Picked{*file, std::move(*text)};
        }
        if (!makes) {
            if (const auto made = set_value(*text, edit.places, edit.value); made) {
                makes = Picked{*file, std::move(*text)};
            } else if (why.message.empty() || made.error().fault != Fault::no_data) {
                why = made.error();
                why.message = *file + ": " + why.message;
            }
        }
    }
    if (makes) {
        return std::move(*makes);
    }
    if (why.fault == Fault::no_data) {
        why.message = fmt::format("no service {} in {}", edit.places.back().at(1), base::join(edit.files, ", "));
    }
    return tl::unexpected(why);
}

Result<fs::path> keep_copy(const RunContext& context, std::string_view text) {
    if (context.spill_dir.empty()) {
        return fail(Fault::failed, "there is no record to keep a copy in");
    }
    if (auto made = make_private_folder(context.spill_dir); !made) {
        return tl::unexpected(made.error());
    }
    std::string name = context.step;
    std::replace_if(name.begin(), name.end(), [](char c) { return c == '/' || c == '\0'; }, '_');
    for (int number = 1;; ++number) {
        auto path = context.spill_dir / fmt::format("{}.before{}", name, number == 1 ? "" : std::to_string(number));
        std::error_code ignored;
        if (!fs::exists(path, ignored)) {
            auto written = write_file_atomically(path, text);
            return written ? Result<fs::path>(std::move(path)) : tl::unexpected(written.error());
        }
    }
}

// The file may be a link into a repository: what is replaced is what it leads to.
Result<void> replace_file(const fs::path& file, const std::string& was, const std::string& text) {
    std::error_code error;
    const auto real = fs::canonical(file, error);
    if (error) {
        return fail(Fault::failed, fmt::format("cannot find {}: {}", file.string(), error.message()));
    }
    const auto now = read_file(real, largest_file);
    if (!now || *now != was) {
        return fail(Fault::failed, fmt::format("{} was changed by somebody else just now", file.string()));
    }
    return replace_file_atomically(real, text);
}

Json lines_json(const std::vector<ChangedLine>& lines) {
    Json all = Json::array();
    for (const auto& line : lines) {
        all.push_back({{"number", line.number},
                       {"removed", line.removed ? Json(*line.removed) : Json(nullptr)},
                       {"added", line.added}});
    }
    return all;
}

Result<Json> edited(const FileEdit& edit, const RunContext& context) {
    const auto picked = pick(edit);
    if (!picked) {
        return tl::unexpected(picked.error());
    }
    const auto& [file, text] = *picked;
    const auto change = set_value(text, edit.places, edit.value);
    if (!change) {
        return fail(Fault::failed, fmt::format("{}: {}", file.string(), change.error().message), change.error().hint);
    }
    Json json{{"file", file.string()},
              {"value", edit.value},
              {"before", change->before ? Json(*change->before) : Json(nullptr)},
              {"lines", lines_json(change->lines)},
              {"copy", nullptr},
              {"left_as", base::sha256(change->text)}};
    if (edit.preview || change->lines.empty()) {
        return json;
    }
    const auto copy = keep_copy(context, text);
    if (!copy) {
        return fail(Fault::failed, "not changed, for want of a copy: " + copy.error().message);
    }
    json["copy"] = copy->string();
    auto replaced = replace_file(file, text, change->text);
    return replaced ? Result<Json>(std::move(json)) : tl::unexpected(replaced.error());
}

Result<Json> restored(const FileEdit& edit) {
    if (edit.files.size() != 1) {
        return fail(Fault::failed, "a copy is put back into one file");
    }
    const auto& file = edit.files.front();
    const auto copy = read_file(edit.restore, largest_file);
    const auto now = copy ? read_file(file, largest_file) : copy;
    if (!now) {
        return tl::unexpected(now.error());
    }
    if (!edit.left_as.empty() && base::sha256(*now) != edit.left_as) {
        return fail(Fault::failed, fmt::format("{} has been changed since", file),
                    fmt::format("the file as it was lies in {}", edit.restore));
    }
    Json json{{"file", file}, {"restored", edit.restore}, {"left_as", base::sha256(*copy)}};
    if (edit.preview) {
        return json;
    }
    auto replaced = replace_file(file, *now, *copy);
    return replaced ? Result<Json>(std::move(json)) : tl::unexpected(replaced.error());
}

}  // namespace

Outcome run_file_edit(const FileEdit& edit, const RunContext& context) {
    const Stopwatch watch;
    Outcome outcome;
    const auto done = edit.restore.empty() ? edited(edit, context) : restored(edit);
    if (done) {
        outcome.ending = Exited{0};
        outcome.out.head = done->dump(-1, ' ', false, Json::error_handler_t::replace);
        outcome.out.total = outcome.out.head.size();
    } else {
        outcome.ending =
            NotStarted{.why = done.error().message + (done.error().hint.empty() ? "" : ": " + done.error().hint)};
    }
    watch.stamp(outcome);
    return outcome;
}

}  // namespace memrb::system
