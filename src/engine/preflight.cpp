#include "engine/preflight.h"

#include "base/number.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <optional>
#include <string_view>

namespace memrb::engine {

namespace {

std::optional<Bytes> amount(const Result<Bytes>& read) {
    return read && *read > 0 ? std::optional(*read) : std::nullopt;
}

// `docker update --memory 512m`, `kubectl set resources --limits=cpu=1,memory=512Mi`.
std::optional<Bytes> limit_in(const Command& command) {
    const auto& words = command.argv;
    const auto has = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        constexpr std::string_view memory = "--memory=";
        constexpr std::string_view limits = "--limits=";
        if (has("update") && (word == "--memory" || word == "-m") && i + 1 < words.size()) {
            return amount(parse_docker_size(words[i + 1]));
        }
        if (has("update") && word.starts_with(memory)) {
            return amount(parse_docker_size(word.substr(memory.size())));
        }
        if (has("resources") && word.starts_with(limits)) {
            for (const std::string_view one : base::split(word.substr(limits.size()), ',')) {
                constexpr std::string_view key = "memory=";
                if (one.starts_with(key)) {
                    return amount(parse_quantity(one.substr(key.size())));
                }
            }
        }
    }
    return std::nullopt;
}

// `-Xmx512m` gives 512m, and without a letter bytes.
std::optional<Bytes> heap_of(const Variables& known) {
    const auto found = known.find("java_heap");
    return found == known.end() ? std::nullopt : amount(parse_docker_size(found->second));
}

std::optional<Bytes> bytes_of(const Variables& known, const std::string& name) {
    const auto found = known.find(name);
    const auto value = found == known.end() ? std::nullopt : base::number<Bytes>(found->second);
    return value && *value > 0 ? value : std::nullopt;
}

// Of all containers of the host, as the diagnosis has seen them.
std::optional<Bytes> used_on_host(const Diagnosis& diagnosis) {
    for (const auto& step : diagnosis.steps) {
        for (const auto& reading : step.readings) {
            if (const auto* fleet = std::get_if<FleetReading>(&reading)) {
                Bytes sum = 0;
                for (const auto& row : fleet->rows) {
                    sum += row.memory.used;
                }
                return sum;
            }
        }
    }
    return std::nullopt;
}

void look_at_heap(Bytes wanted, Bytes heap, const Limit& present, std::vector<std::string>& cautions) {
    if (heap >= wanted) {
        cautions.push_back(fmt::format("its Java heap may grow to {} (-Xmx): the kernel kills it before Java collects",
                                       format_bytes(heap)));
        return;
    }
    const auto* before = std::get_if<Bytes>(&present);
    if (before != nullptr && wanted > *before && heap <= *before) {
        cautions.push_back(fmt::format("its Java heap keeps to {} (-Xmx), whatever the limit is", format_bytes(heap)));
    }
}

void look_at_host(Bytes wanted, Bytes used, Bytes host, Bytes all, std::vector<std::string>& cautions) {
    if (wanted > host) {
        cautions.push_back(fmt::format("the host itself has only {}", format_bytes(host)));
    } else if (const Bytes left = host > all ? host - all : 0; wanted - used > left) {
        cautions.push_back(
            fmt::format("the host has {}, of which its containers leave {}: up to the limit it may take "
                        "{} more",
                        format_bytes(host), format_bytes(left), format_bytes(wanted - used)));
    }
}

}  // namespace

std::optional<Bytes> limit_set_by(const Request& request) {
    if (const auto* command = std::get_if<Command>(&request)) {
        return limit_in(*command);
    }
    const auto* edit = std::get_if<FileEdit>(&request);
    return edit != nullptr && edit->restore.empty() ? amount(parse_docker_size(edit->value)) : std::nullopt;
}

Preflight preflight(const Request& request, const Diagnosis& diagnosis, const Target& target, const Variables& known) {
    Preflight found;
    const auto wanted = limit_set_by(request);
    const auto& memory = diagnosis.assessment.memory;
    if (!wanted) {
        return found;
    }
    if (memory && *wanted <= memory->used) {
        found.refusal = fmt::format("{} is not above what it uses now, {}: it would be killed", format_bytes(*wanted),
                                    format_bytes(memory->used));
        return found;
    }
    if (const auto heap = heap_of(known)) {
        look_at_heap(*wanted, *heap, target.limit, found.cautions);
    }
    if (const auto host = bytes_of(known, "host_memory"); host && memory) {
        look_at_host(*wanted, memory->used, *host, used_on_host(diagnosis).value_or(memory->used), found.cautions);
    }
    return found;
}

}  // namespace memrb::engine
