#include "actions/docker_stats.h"

#include "actions/ending.h"
#include "actions/json_get.h"
#include "actions/memory_counters.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

namespace {

constexpr std::string_view what = "docker stats";
constexpr std::size_t short_id = 12;

struct Usage {
    std::optional<Bytes> used, limit;
};

// `47.85MiB / 64MiB`, `0B / 0B`, `-- / --`.
std::optional<Usage> read_usage(std::string_view text) {
    const std::size_t slash = text.find(" / ");
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view used = base::trim(text.substr(0, slash));
    const std::string_view limit = base::trim(text.substr(slash + 3));
    if (used == "--") {
        return Usage{};
    }
    const auto used_bytes = parse_docker_size(used);
    const auto limit_bytes = parse_docker_size(limit);
    return used_bytes && limit_bytes ? std::optional(Usage{*used_bytes, *limit_bytes}) : std::nullopt;
}

std::optional<StatsRow> read_json_row(std::string_view line) {
    const auto json = read_json(line);
    const auto name = json ? get_text(*json, "Name") : std::nullopt;
    const auto usage = json ? read_usage(get_text(*json, "MemUsage").value_or("")) : std::nullopt;
    if (!name || !usage) {
        return std::nullopt;
    }
    return StatsRow{get_text(*json, "ID").value_or("").substr(0, short_id), *name, usage->used, usage->limit};
}

// Where the columns of a table begin; cells are padded with blanks, so positions tell them apart.
struct Columns {
    std::size_t id = std::string_view::npos;
    std::size_t name = std::string_view::npos;
    std::size_t memory = std::string_view::npos;

    [[nodiscard]] bool usable() const { return name != std::string_view::npos && memory != std::string_view::npos; }
};

Columns read_header(std::string_view line) {
    return {line.find("CONTAINER ID"), line.find("NAME"), line.find("MEM USAGE / LIMIT")};
}

// The cell that begins at `at`: until two blanks, since no cell that is read here holds two.
std::string_view cell(std::string_view line, std::size_t at) {
    if (at >= line.size()) {
        return {};
    }
    const std::string_view rest = line.substr(at);
    return base::trim(rest.substr(0, rest.find("  ")));
}

std::optional<StatsRow> read_table_row(std::string_view line, const Columns& columns) {
    const auto usage = read_usage(cell(line, columns.memory));
    const std::string_view name = cell(line, columns.name);
    if (!usage || name.empty()) {
        return std::nullopt;
    }
    return StatsRow{std::string(cell(line, columns.id).substr(0, short_id)), std::string(name), usage->used,
                    usage->limit};
}

bool is_target(const StatsRow& row, const Target& target) {
    return row.id.size() == short_id && !target.id.empty() ? target.id.starts_with(row.id) : row.name == target.name;
}

// With no limit docker prints the host's memory, so only a limit that was known before can be told from it.
Limit limit_of(const StatsRow& row, const Target& target) {
    if (!std::holds_alternative<Bytes>(target.limit) || !row.limit || *row.limit == 0) {
        return target.limit;
    }
    const Bytes known = std::get<Bytes>(target.limit);
    const Bytes apart = *row.limit > known ? *row.limit - known : known - *row.limit;
    constexpr Bytes rounding = 2'000;  // docker prints four digits: a two-thousandth at most is lost
    return apart <= known / rounding ? Limit(known) : Limit(*row.limit);
}

MemoryReading reading(Bytes used, Limit limit, Timestamp at) {
    MemoryReading memory;
    memory.at = at;
    memory.used = used;
    memory.limit = limit;
    memory.source = "docker stats (rounded)";
    return memory;
}

bool runs(const StatsRow& row) {
    return row.used && (*row.used != 0 || row.limit.value_or(0) != 0);
}

}  // namespace

std::vector<StatsRow> read_stats_rows(std::string_view text) {
    std::vector<StatsRow> rows;
    Columns columns;
    for (const auto line : base::lines(text)) {
        const std::string_view trimmed = base::trim(line);
        std::optional<StatsRow> row;
        if (trimmed.starts_with('{')) {
            row = read_json_row(trimmed);
        } else if (const Columns header = read_header(line); header.usable()) {
            columns = header;
        } else if (columns.usable()) {
            row = read_table_row(line, columns);
        }
        if (row) {
            rows.push_back(*std::move(row));
        }
    }
    return rows;
}

Reading reading_of(const std::vector<StatsRow>& rows, const ActionContext& context, Timestamp at) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const StatsRow& each) { return is_target(each, context.target); });
    if (row == rows.end()) {
        return NoData{std::string(what),
                      fmt::format("{} is not among the containers that it lists", context.target.name)};
    }
    if (!runs(*row)) {
        return NoData{std::string(what), fmt::format("{} is not running", context.target.name)};
    }
    return reading(*row->used, limit_of(*row, context.target), at);
}

FleetReading fleet_of(const std::vector<StatsRow>& rows, const ActionContext& context, Timestamp at) {
    Bytes greatest = 0;
    for (const auto& row : rows) {
        greatest = std::max(greatest, row.limit.value_or(0));
    }
    FleetReading fleet;
    for (const auto& row : rows) {
        if (!runs(row)) {
            continue;
        }
        const bool real = row.limit && *row.limit < greatest;
        const Limit limit = is_target(row, context.target) ? limit_of(row, context.target)
                            : real                         ? Limit(*row.limit)
                                                           : Limit(LimitUnknown{});
        fleet.rows.push_back({row.name, reading(*row.used, limit, at)});
    }
    return fleet;
}

Interpretation interpret_stats(const ActionContext& context, Timestamp at, std::string_view text) {
    const auto rows = read_stats_rows(text);
    Interpretation result;
    if (rows.empty()) {
        return result;  // a format that shows something else
    }
    if (rows.size() > 1) {
        FleetReading fleet = fleet_of(rows, context, at);
        result.note = fmt::format("{} containers", fleet.rows.size());
        result.readings.emplace_back(std::move(fleet));
    }
    Reading own = reading_of(rows, context, at);
    if (const auto* memory = std::get_if<MemoryReading>(&own)) {
        result.note = describe_memory(*memory);
    }
    result.readings.push_back(std::move(own));
    return result;
}

}  // namespace memrb::actions
