#pragma once

#include "memrb/units.h"

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace memrb {

struct Exited {
    int code = 0;
    bool operator==(const Exited&) const = default;
};
struct Signalled {
    int signal = 0;
    bool operator==(const Signalled&) const = default;
};
struct TimedOut {
    Milliseconds limit{};
    bool operator==(const TimedOut&) const = default;
};
/// A person pressed Ctrl-C, or memrb was told to end.
struct Interrupted {
    bool operator==(const Interrupted&) const = default;
};
/// Nothing was started, or no answer came: `why` is a sentence for a person.
struct NotStarted {
    std::string why;
    bool missing_tool = false;  ///< the program is not installed
    bool denied = false;        ///< permission was refused
    bool operator==(const NotStarted&) const = default;
};
struct HttpStatus {
    int code = 0;
    bool operator==(const HttpStatus&) const = default;
};
/// Shown by a dry run, not done.
struct Previewed {
    bool operator==(const Previewed&) const = default;
};
/// It may or may not have taken effect (the connection broke, the second Ctrl-C came, memrb was killed).
struct Unknown {
    std::string why;
    bool operator==(const Unknown&) const = default;
};

using Ending = std::variant<Exited, Signalled, TimedOut, Interrupted, NotStarted, HttpStatus, Previewed, Unknown>;

/// One output stream: the first and last bytes in memory, all of it counted, and a file with as much as the cap allows.
struct Output {
    std::string head;
    std::string tail;           ///< what follows `head`, or the last bytes if `dropped` is not 0
    std::uint64_t total = 0;    ///< bytes produced
    std::uint64_t dropped = 0;  ///< bytes between head and tail that are not in memory
    std::string file;           ///< relative to the incident's folder; empty: not kept
    std::uint64_t in_file = 0;  ///< bytes in that file; less than `total`: the cap was reached
    std::string note = {};      ///< what a person should know of it: it could not be kept on disk, ...; mostly empty

    [[nodiscard]] bool truncated() const { return dropped != 0; }
    /// All that is in memory; a truncated output has a line in the middle that says how much is missing.
    [[nodiscard]] std::string text() const;
};

struct Outcome {
    Ending ending = Unknown{"never run"};
    Output out;  ///< stdout, or the body of an answer
    Output err;
    std::size_t source = 0;  ///< SampleMemory: index of the source that answered
    Timestamp started{};
    Milliseconds elapsed{};
    /// Of an HTTP answer, only `content-type` and `retry-after`, if they were there.
    std::vector<std::pair<std::string, std::string>> headers = {};

    /// Exited 0, or an HTTP status 200-299.
    [[nodiscard]] bool ok() const;
};

}  // namespace memrb
