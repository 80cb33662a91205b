#include "base/describe.h"

#include "base/shell_words.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <csignal>
#include <cstring>

namespace memrb::base {

namespace {

std::string short_id(const std::string& id) {
    return id.substr(0, 12);
}

// Headers whose value opens doors: named, never shown.
bool is_secret_header(std::string_view header) {
    std::string name(header);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
    return has("authorization") || has("cookie") || has("token") || has("key") || has("secret") || has("password");
}

struct RequestLines {
    std::vector<std::string> operator()(const Command& command) const {
        std::vector<std::string> lines{"$ " + quote_words(command.argv)};
        std::string with;
        for (const auto& [name, value] : command.env) {
            with += fmt::format(" {}={}", name, quote_word(value));
        }
        if (!with.empty()) {
            lines.push_back("with" + with);
        }
        if (!command.cwd.empty()) {
            lines.push_back("in " + command.cwd);
        }
        if (!command.stdin_text.empty()) {
            lines.push_back(fmt::format("with {} on its standard input", format_bytes(command.stdin_text.size())));
        }
        return lines;
    }
    std::vector<std::string> operator()(const HttpRequest& request) const {
        std::vector<std::string> lines{request.method + " " + request.url};
        if (!request.unix_socket.empty()) {
            lines.push_back("over " + request.unix_socket);
        }
        for (const auto& [name, value] : request.headers) {
            lines.push_back(fmt::format("header {}: {}", name, is_secret_header(name) ? "(not shown)" : value));
        }
        if (!request.token_command.empty()) {
            lines.push_back(
                fmt::format("header Authorization: (not shown, from `{}`)", quote_words(request.token_command)));
        }
        if (!request.body.empty()) {
            lines.push_back("body " + request.body);
        }
        return lines;
    }
    std::vector<std::string> operator()(const ReadCgroup& read) const {
        if (read.containers.size() == 1) {
            return {"read the memory cgroup of " + short_id(read.containers.front().id)};
        }
        return {fmt::format("read the memory cgroups of {} containers", read.containers.size())};
    }
    std::vector<std::string> operator()(const SampleMemory& sample) const {
        std::vector<std::string> lines;
        for (const auto& source : sample.sources) {
            for (auto& line : std::visit(*this, source)) {
                lines.push_back(std::move(line));
            }
            if (&source != &sample.sources.back()) {
                lines.back() += ", or else";
            }
        }
        return lines;
    }
    std::vector<std::string> operator()(const FileEdit& edit) const {
        const std::string file = join(edit.files, " or ");
        if (!edit.restore.empty()) {
            return {fmt::format("put back {} from {}", file, edit.restore)};
        }
        std::vector<std::string> places;
        for (const auto& place : edit.places) {
            places.push_back(join(place, "."));
        }
        return {fmt::format("edit {}", file),
                fmt::format("set {} to {}", join(places, " or "), quote_word(edit.value))};
    }
    std::vector<std::string> operator()(const HumanTask& task) const {
        std::vector<std::string> all;
        for (const auto line : lines(task.instructions)) {
            all.emplace_back(line);
        }
        return all.empty() ? std::vector<std::string>{""} : all;
    }
    std::vector<std::string> operator()(const Wait& wait) const { return {"wait " + format_duration(wait.duration)}; }
};

struct EndingWords {
    std::string operator()(const Exited& end) const { return fmt::format("exit {}", end.code); }
    std::string operator()(const Signalled& end) const { return "killed by " + signal_name(end.signal); }
    std::string operator()(const TimedOut& end) const { return "timed out after " + format_duration(end.limit); }
    std::string operator()(const Interrupted&) const { return "interrupted"; }
    std::string operator()(const NotStarted& end) const { return end.why; }
    std::string operator()(const HttpStatus& end) const { return fmt::format("HTTP {}", end.code); }
    std::string operator()(const Previewed&) const { return "previewed"; }
    std::string operator()(const Unknown& end) const { return "unknown: " + end.why; }
};

}  // namespace

std::vector<std::string> describe(const Request& request) {
    return std::visit(RequestLines{}, request);
}

std::string describe(const Ending& ending) {
    return std::visit(EndingWords{}, ending);
}

std::string signal_name(int signal) {
    const char* name = sigabbrev_np(signal);
    return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name);
}

}  // namespace memrb::base
