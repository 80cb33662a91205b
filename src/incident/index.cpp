#include "incident/index.h"

#include "incident/archive.h"
#include "incident/files.h"
#include "incident/load.h"
#include "wire/document.h"
#include "wire/fields.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <optional>
#include <string>

namespace memrb::incident {

namespace {

using wire::Json;

constexpr int format = 1;
constexpr std::uint64_t most_bytes = std::uint64_t{16} << 10U;

/// Which journal an index is of.
struct Mark {
    std::uint64_t size = 0;
    std::int64_t changed = 0;  ///< nanoseconds of Unix time
    bool operator==(const Mark&) const = default;
};

std::optional<Mark> mark_of(const std::filesystem::path& journal) {
    struct stat info{};
    if (::lstat(journal.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return std::nullopt;
    }
    constexpr std::int64_t second = 1'000'000'000;
    return Mark{static_cast<std::uint64_t>(info.st_size), info.st_mtim.tv_sec * second + info.st_mtim.tv_nsec};
}

Json milliseconds_json(const std::optional<Milliseconds>& time) {
    return time ? Json(time->count()) : Json(nullptr);
}

std::string to_text(const Summary& summary, const Mark& mark) {
    Json json = wire::object_for(18);
    json["format"] = format;
    json["journal_bytes"] = mark.size;
    json["journal_changed_ns"] = mark.changed;
    json["target"] = wire::text_json(summary.target);
    json["platform"] = wire::text_json(summary.platform);
    json["mode"] = wire::text_json(summary.mode);
    json["level"] = to_string(summary.level);
    json["cause"] = wire::text_json(summary.cause);
    json["cause_clear"] = summary.cause_clear;
    json["ended"] = to_string(summary.ended);
    json["exit_code"] = summary.exit_code ? Json(*summary.exit_code) : Json(nullptr);
    json["steps"] = summary.steps;
    json["option"] = wire::text_json(summary.option);
    json["changed_at"] = wire::to_json(summary.changed_at);
    json["helped"] = summary.helped ? Json(*summary.helped) : Json(nullptr);
    json["until_recovery_ms"] = milliseconds_json(summary.until_recovery);
    return wire::dump(json) + "\n";
}

std::optional<Summary> from_text(const std::string& text, const Entry& entry, const Mark& mark) {
    const auto json = wire::parse_json(text);
    if (!json || !json->is_object()) {
        return std::nullopt;
    }
    wire::Problem problem;
    const wire::Fields fields(*json, "index", problem);
    const Mark of{fields.count("journal_bytes"), static_cast<std::int64_t>(fields.count("journal_changed_ns"))};
    if (fields.count("format") != format || of != mark) {
        return std::nullopt;
    }
    Summary summary;
    summary.id = entry.id;
    summary.folder = entry.folder;
    summary.at = entry.at;
    summary.target = fields.text("target");
    summary.platform = fields.text("platform");
    summary.mode = fields.text("mode");
    summary.level = fields.word<Level>("level", [](Level level) { return to_string(level); });
    summary.cause = fields.text("cause");
    summary.cause_clear = fields.flag("cause_clear", false);
    summary.ended = fields.word<Ended>("ended", [](Ended ended) { return to_string(ended); });
    summary.exit_code = fields.opt_integer("exit_code");
    summary.steps = fields.count("steps");
    summary.option = fields.text("option");
    summary.changed_at = fields.opt_time("changed_at");
    summary.helped = fields.find("helped") == nullptr ? std::nullopt : std::optional(fields.flag("helped", false));
    if (fields.find("until_recovery_ms") != nullptr) {
        summary.until_recovery = fields.milliseconds("until_recovery_ms");
    }
    auto checked = problem.check(std::move(summary));
    return checked ? std::optional(*std::move(checked)) : std::nullopt;
}

// Half a file, after a crash or a full disk, is one that cannot be read: then it is written anew.
void write(const std::filesystem::path& path, const std::string& text) {
    const base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (fd) {
        (void)write_all(fd.get(), text);
    }
}

}  // namespace

Result<Summary> indexed_summary(const Entry& entry) {
    const auto path = entry.folder / "index.json";
    const auto mark = mark_of(journal_path(entry.folder));
    if (mark) {
        if (const auto text = read_file(path, most_bytes)) {
            if (auto summary = from_text(*text, entry, *mark)) {
                return *std::move(summary);
            }
        }
    }
    auto summary = summarize(entry);
    if (summary && mark && !is_imported(entry.folder)) {
        write(path, to_text(*summary, *mark));
    }
    return summary;
}

}  // namespace memrb::incident
