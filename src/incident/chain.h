#pragma once

#include "base/digest.h"

#include <optional>
#include <string>
#include <string_view>

namespace memrb::incident {

/// Links the lines of a journal: each ends with the member `hash`, the SHA-256 of the previous line's hash (nothing
/// before the first) and of the line as it was without that member.
class Chain {
public:
    /// Goes on behind a line of that hash; empty: behind none.
    void go_on_behind(std::string hash) { last_ = std::move(hash); }

    /// The line, a JSON object, with its hash. The chain goes on behind it only after accept().
    [[nodiscard]] std::string seal(std::string_view line);
    /// The line that was sealed last is on record.
    void accept() { last_ = next_; }

    /// Whether a line that was read belongs here; if so, the chain goes on behind it.
    [[nodiscard]] bool follows(std::string_view sealed_line);

    /// Whether a line that carries no hash once did: its end is nearly the hash that belongs there.
    [[nodiscard]] bool had_hash(std::string_view line);

    /// The hash of the last line, empty if there is none.
    [[nodiscard]] const std::string& head() const { return last_; }

private:
    [[nodiscard]] std::string hash_of(std::string_view line);

    base::Sha256 digest_;
    std::string last_;
    std::string next_;
};

/// The hash that a line carries, if it does: those of older memrbs have none.
std::optional<std::string_view> hash_in(std::string_view line);

}  // namespace memrb::incident
