#pragma once

#include "memrb/units.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace memrb {

/// Names and values, in the order in which they were written.
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A program to run: no shell takes part. The child gets its own process group and /dev/null as stdin (or
/// `stdin_text`).
struct Command {
    std::vector<std::string> argv;
    Pairs env;               ///< added to memrb's own environment
    std::string stdin_text;  ///< empty: /dev/null
    std::string cwd;         ///< empty: memrb's own
    bool interactive = false;

    bool operator==(const Command&) const = default;
};

/// One HTTP exchange. With `unix_socket` set, `url` still carries a host (by convention `http://docker`).
struct HttpRequest {
    std::string method = "GET";
    std::string url;
    Pairs headers;
    std::string body;
    std::string unix_socket;
    std::string ca_file, cert_file, key_file;  ///< PEM paths for a TLS engine; empty: the system's defaults
    Bytes max_body = Bytes{64} << 20U;         ///< a larger answer is a failure, never cut silently
    /// Prints a bearer token, which goes into a header and nowhere else. With it 401 is asked again once with a new
    /// token, and 429 and 5xx of a read a few times, after the pause that the server names.
    std::vector<std::string> token_command = {};
    /// Not empty: the answer's `nextPageToken` goes into this query parameter of the next request, until there is none.
    /// The outcome is then a JSON array of all answers.
    std::string page_parameter = {};

    bool operator==(const HttpRequest&) const = default;
};

/// Reads the memory controller's files of one or more local containers; `id` may be a full container id. Result: one
/// JSON document, see system/cgroup.h.
struct ReadCgroup {
    struct Container {
        std::string id;
        int pid = 0;  ///< the container's first process if known (finds the folder by /proc/PID/cgroup), else 0

        bool operator==(const Container&) const = default;
    };
    std::vector<Container> containers;

    bool operator==(const ReadCgroup&) const = default;
};

/// Asks the sources in order until one answers; which one did is told by Outcome::source.
struct SampleMemory {
    using Source = std::variant<ReadCgroup, HttpRequest, Command>;
    std::vector<Source> sources;

    bool operator==(const SampleMemory&) const = default;
};

/// Changes one value in a YAML file and leaves every other byte as it is, or puts a file back. A copy of the file goes
/// to the incident's folder first, and the file is replaced as a whole. Outcome: JSON, see system/file_edit.h.
struct FileEdit {
    using Place = std::vector<std::string>;  ///< keys from the document's root

    std::vector<std::string> files;  ///< of one configuration; a later one wins over those before it
    std::vector<Place> places;  ///< of equal meaning; the first that there is gets the value, else the last is made
    std::string value;
    std::string restore;   ///< not empty: put this copy back into the one file, instead of all that
    std::string left_as;   ///< with it: SHA-256 of what the file must hold now, or somebody else has changed it since
    bool preview = false;  ///< tell the difference, write nothing

    bool operator==(const FileEdit&) const = default;
};

/// Something that only a person can do.
struct HumanTask {
    std::string instructions;

    bool operator==(const HumanTask&) const = default;
};

struct Wait {
    Milliseconds duration{};

    bool operator==(const Wait&) const = default;
};

using Request = std::variant<Command, HttpRequest, SampleMemory, FileEdit, HumanTask, Wait>;

}  // namespace memrb
