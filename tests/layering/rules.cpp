#include "rules.h"

#include "includes.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace memrb::layering {

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string, std::less<>>;

// Which rooms a room may include beside itself. `memrb` are the public headers, `main` is src/main.cpp.
const std::map<std::string, Names, std::less<>> rooms{
    {"memrb", {}},
    {"base", {"memrb"}},
    {"wire", {"memrb", "base"}},
    {"runbook", {"memrb", "base", "wire"}},
    {"actions", {"memrb", "base", "wire"}},
    {"memory", {"memrb", "base", "wire"}},
    {"engine", {"memrb", "base", "wire", "memory"}},
    {"incident", {"memrb", "base", "wire"}},
    {"drill", {"memrb", "base", "wire"}},
    {"system", {"memrb", "base", "wire"}},
    {"ui", {"memrb", "base", "wire"}},
    {"cli", {"memrb", "base", "wire", "runbook", "actions", "memory", "engine", "incident", "drill", "system", "ui"}},
    {"main", {"memrb", "cli"}},
};

// Where a third-party header may stand: a room, or a file. A name that ends in `/` is a folder.
struct ThirdParty {
    std::string_view header;
    Names places;
    std::string_view told;
};
const Names anywhere;
const std::vector<ThirdParty> third_party{
    {"tl/", anywhere, ""},
    {"fmt/", anywhere, ""},
    {"nlohmann/", anywhere, ""},
    {"yaml-cpp/", {"runbook", "src/system/yaml_tree.cpp"}, "yaml-cpp belongs to runbook and system/yaml_tree.cpp"},
    {"CLI/", {"cli"}, "CLI11 belongs to cli"},
    {"curl/", {"system"}, "libcurl belongs to system"},
    {"spdlog/", {"system"}, "spdlog belongs to system"},
    {"histedit.h", {"ui"}, "libedit belongs to ui"},
    {"editline/", {"ui"}, "libedit belongs to ui"},
    {"openssl/", {"base"}, "OpenSSL belongs to base"},
    {"jq.h", {"src/base/jq.cpp"}, "libjq belongs to base/jq.cpp"},
    {"jv.h", {"src/base/jq.cpp"}, "libjq belongs to base/jq.cpp"},
    {"cmark.h", {"runbook", "incident"}, "cmark belongs to runbook and incident"},
};

// The machine: files, processes, the terminal. Everything else reaches it through ports.
const Names rooms_with_system_calls{"system", "incident", "ui", "cli"};
const Names files_with_system_calls{"src/base/unique_fd.h"};  // closes what several rooms open
const Names system_folders{"sys", "linux", "netinet", "arpa", "net", "asm", "bits"};
const Names system_headers{"dirent.h",  "dlfcn.h",    "errno.h",  "fcntl.h",  "fnmatch.h", "glob.h",
                           "grp.h",     "langinfo.h", "libgen.h", "limits.h", "locale.h",  "netdb.h",
                           "poll.h",    "pthread.h",  "pty.h",    "pwd.h",    "sched.h",   "signal.h",
                           "spawn.h",   "stdint.h",   "stdio.h",  "stdlib.h", "string.h",  "syslog.h",
                           "termios.h", "time.h",     "unistd.h", "utmp.h",   "wchar.h"};

// No I/O, no clock, no threads in the pure rooms; the engine may have threads, its I/O goes through ports.
const Names pure_rooms{"memory", "actions"};
const Names impure_headers{"condition_variable", "cstdio", "csignal", "ctime",        "fstream",    "future",
                           "iostream",           "mutex",  "random",  "shared_mutex", "stop_token", "thread"};
const Names input_output{"cstdio", "fstream", "iostream"};
// A drill is asked from several threads; it has none, no clock, and no chance but its seed.
const Names outside_of_drill{"cstdio", "csignal", "ctime", "fstream", "future", "iostream", "random", "thread"};

bool is_standard(std::string_view header) {
    return !header.empty() && std::all_of(header.begin(), header.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::string first_part(std::string_view path) {
    const auto slash = path.find('/');
    return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

bool is_system(std::string_view header) {
    return system_headers.contains(header) || system_folders.contains(first_part(header));
}

std::string joined(const Names& names) {
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

// The room of a file, by its place; empty: it stands in none.
std::string room_of(const std::string& file) {
    if (file.starts_with("include/memrb/")) {
        return "memrb";
    }
    if (file == "src/main.cpp") {
        return "main";
    }
    const std::string room = file.starts_with("src/") ? first_part(std::string_view(file).substr(4)) : std::string();
    return rooms.contains(room) && room != "memrb" && room != "main" ? room : std::string();
}

class Judge {
public:
    Judge(const fs::path& tree, std::string file) : tree_(tree), file_(std::move(file)), room_(room_of(file_)) {}

    std::vector<Violation> run() {
        if (room_.empty()) {
            violations_.push_back({file_, 1, "stands in no room: the rooms are listed in tests/layering/rules.cpp"});
            return std::move(violations_);
        }
        std::ifstream stream(tree_ / file_, std::ios::binary);
        const std::string source{std::istreambuf_iterator<char>(stream), {}};
        for (const auto& include : find_includes(source)) {
            if (const auto rule = broken_rule(include)) {
                const bool brackets = include.form == Include::Form::brackets;
                const bool computed = include.form == Include::Form::computed;
                const std::string shown = computed   ? include.path
                                          : brackets ? "<" + include.path + ">"
                                                     : "\"" + include.path + "\"";
                violations_.push_back({file_, include.line, "includes " + shown + ": " + *rule});
            }
        }
        return std::move(violations_);
    }

private:
    std::optional<std::string> broken_rule(const Include& include) const {
        if (include.form == Include::Form::computed) {
            return "name the header itself, nothing can check a macro";
        }
        const std::string part = first_part(include.path);
        if (rooms.contains(part)) {
            return broken_by_project_header(include, part);
        }
        for (const auto& known : third_party) {
            if (known.header.ends_with('/') ? include.path.starts_with(known.header) : include.path == known.header) {
                return broken_by_third_party(include, known);
            }
        }
        if (include.form == Include::Form::quotes) {
            return "write the path from src/ or include/, as \"room/file.h\"";
        }
        return is_standard(include.path) ? broken_by_standard_header(include.path)
                                         : broken_by_system_header(include.path);
    }

    std::optional<std::string> broken_by_project_header(const Include& include, const std::string& other) const {
        const Names& allowed = rooms.at(room_);
        if (other != room_ && !allowed.contains(other)) {
            return room_ + " may include " + (allowed.empty() ? "itself only" : joined(allowed) + " and itself");
        }
        if (include.form == Include::Form::brackets) {
            return "write the project's own headers in quotes";
        }
        if (!include.path.ends_with(".h") || include.path.find("..") != std::string::npos) {
            return "only headers are included, as \"room/file.h\"";
        }
        return fs::exists(tree_ / (other == "memrb" ? "include" : "src") / include.path)
                   ? std::nullopt
                   : std::optional<std::string>("there is no such file");
    }

    std::optional<std::string> broken_by_third_party(const Include& include, const ThirdParty& known) const {
        if (room_ == "memrb") {
            return include.path == "tl/expected.hpp" ? std::nullopt : std::optional<std::string>(public_rule);
        }
        const bool fits = known.places.empty() || known.places.contains(room_) || known.places.contains(file_);
        return fits ? std::nullopt : std::optional<std::string>(known.told);
    }

    std::optional<std::string> broken_by_standard_header(const std::string& header) const {
        if (pure_rooms.contains(room_) && impure_headers.contains(header)) {
            return room_ + " is pure: no I/O, no clock, no threads";
        }
        if (room_ == "engine" && input_output.contains(header)) {
            return "the engine does I/O through ports only";
        }
        if (room_ == "drill" && outside_of_drill.contains(header)) {
            return "a drill touches nothing outside of its world";
        }
        return std::nullopt;
    }

    std::optional<std::string> broken_by_system_header(const std::string& header) const {
        if (room_ == "memrb") {
            return std::string(public_rule);
        }
        if (!is_system(header)) {
            return "an unknown library: give it one room in tests/layering/rules.cpp";
        }
        return rooms_with_system_calls.contains(room_) || files_with_system_calls.contains(file_)
                   ? std::nullopt
                   : std::optional<std::string>("system calls belong to " + joined(rooms_with_system_calls));
    }

    static constexpr std::string_view public_rule =
        "public headers include the standard library, tl/expected.hpp and memrb/ only";

    const fs::path& tree_;
    std::string file_;
    std::string room_;
    std::vector<Violation> violations_;
};

bool is_source(const fs::path& path) {
    return path.filename() != "CMakeLists.txt" && path.extension() != ".cmake" && path.extension() != ".md";
}

}  // namespace

std::string to_string(const Violation& violation) {
    return violation.file + ":" + std::to_string(violation.line) + ": " + violation.rule;
}

std::vector<Violation> find_violations(const std::filesystem::path& tree) {
    Names files;
    for (const std::string_view top : {"include", "src"}) {
        for (const auto& entry : fs::recursive_directory_iterator(tree / top)) {
            if (entry.is_regular_file() && is_source(entry.path())) {
                files.insert(entry.path().lexically_relative(tree).generic_string());
            }
        }
    }
    std::vector<Violation> all;
    for (const auto& file : files) {
        auto found = Judge(tree, file).run();
        std::move(found.begin(), found.end(), std::back_inserter(all));
    }
    return all;
}

}  // namespace memrb::layering
