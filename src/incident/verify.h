#pragma once

#include "memrb/result.h"
#include "wire/target_json.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace memrb::incident {

/// What `memrb verify` found out about a record, from its files alone.
struct Proof {
    std::size_t lines = 0;           ///< whole ones
    std::size_t without_hash = 0;    ///< lines at the beginning, written by an older memrb: nothing proves them
    std::string head;                ///< the last line's hash: who noted it elsewhere can tell that no line was cut off
    std::size_t broken_line = 0;     ///< the first that is not as it was written, from 1; 0: none
    std::string broken_why;          ///< one sentence
    std::size_t torn_bytes = 0;      ///< of a last line that a crash left unfinished
    std::size_t files = 0;           ///< outputs whose digest is as recorded
    std::size_t without_digest = 0;  ///< outputs that an older memrb recorded
    std::vector<std::string> broken_files;  ///< `outputs/a.out: ...`, one sentence each

    [[nodiscard]] bool holds() const { return broken_line == 0 && broken_files.empty(); }
};

/// Proves the chain of the journal and the digests of the outputs. Errors: there is no journal, or it cannot be read.
Result<Proof> verify(const std::filesystem::path& folder);

/// Schema `memrb/verify/v1` (docs/json.md).
wire::Json to_json(const Proof& proof, const std::string& incident);

}  // namespace memrb::incident
