#pragma once

#include "memrb/event.h"
#include "memrb/result.h"
#include "wire/document.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::incident {

/// A journal as it was read.
struct Record {
    std::vector<Event> events;      ///< numbered from 1 without gaps
    std::string torn;               ///< what a crash left of a last line; empty: nothing
    std::uint64_t whole_bytes = 0;  ///< of the lines before it
    std::uint64_t masked = 0;       ///< secrets that were masked in the events
    std::string last_hash;          ///< of the last whole line (chain.h); empty: it has none
};

std::filesystem::path journal_path(const std::filesystem::path& folder);

/// What one line of a journal may cost.
wire::DocumentLimits line_limits();

/// Reads the journal of an incident's folder. The last line may be torn: without its newline, or no JSON (a power cut
/// leaves zeros). Anything else that is wrong is an error that names the file and the line, for example
/// `/x/journal.jsonl:12: `step_finished.outcome` is missing`. Outputs are not read: see outputs.h.
Result<Record> load(const std::filesystem::path& folder);

/// The same for text; `origin` names it in messages.
Result<Record> load_text(std::string_view text, std::string_view origin);

/// Events that were read elsewhere: whether they are numbered from 1 without gaps. `where` names one in messages.
Result<void> check_number(const Event& event, std::size_t before, const std::string& where);

}  // namespace memrb::incident
