#include "incident/load.h"

#include "base/text.h"
#include "incident/chain.h"
#include "incident/files.h"
#include "wire/event_json.h"

#include <fmt/core.h>

namespace memrb::incident {

namespace {

constexpr std::uint64_t most_journal_bytes = std::uint64_t{256} << 20U;
constexpr std::size_t most_events = 200'000;

tl::unexpected<Error> broken(const std::string& where, std::string_view what) {
    return fail(Fault::failed, fmt::format("{}: {}", where, what), "the journal was changed after it was written");
}

// `is no JSON` reads better with its subject, a member's name in backquotes is one already.
std::string about_line(const std::string& what) {
    return what.starts_with('`') ? what : "the line " + what;
}

}  // namespace

std::filesystem::path journal_path(const std::filesystem::path& folder) {
    return folder / "journal.jsonl";
}

wire::DocumentLimits line_limits() {
    return {};
}

Result<void> check_number(const Event& event, std::size_t before, const std::string& where) {
    if (event.seq != before + 1) {
        return broken(where, fmt::format("event {} stands where event {} belongs", event.seq, before + 1));
    }
    return {};
}

Result<Record> load_text(std::string_view text, std::string_view origin) {
    Record record;
    const std::string name = base::printable(origin);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string where = fmt::format("{}:{}", name, record.events.size() + 1);
        if (end == std::string_view::npos) {
            record.torn = text;
            break;
        }
        const auto json = wire::parse_json(text.substr(0, end), line_limits());
        if (!json) {
            if (end + 1 == text.size()) {
                record.torn = text;
                break;
            }
            return broken(where, about_line(json.error().message));
        }
        auto event = wire::event_from_json(*json);
        if (!event) {
            return broken(where, about_line(event.error().message));
        }
        if (auto numbered = check_number(*event, record.events.size(), where); !numbered) {
            return tl::unexpected(numbered.error());
        }
        if (record.events.size() == most_events) {
            return broken(where, fmt::format("there are more than {} events", most_events));
        }
        record.events.push_back(*std::move(event));
        record.whole_bytes += end + 1;
        if (const auto masked = json->find("masked"); masked != json->end() && masked->is_number_unsigned()) {
            record.masked += masked->get<std::uint64_t>();
        }
        record.last_hash = hash_in(text.substr(0, end)).value_or(std::string_view());
        text.remove_prefix(end + 1);
    }
    return record;
}

Result<Record> load(const std::filesystem::path& folder) {
    const auto path = journal_path(folder);
    const auto text = read_file(path, most_journal_bytes);
    if (!text) {
        return tl::unexpected(text.error());
    }
    return load_text(*text, path.native());
}

}  // namespace memrb::incident
