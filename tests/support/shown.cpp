#include "support/shown.h"

#include "support/records.h"
#include "support/run.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <utility>

namespace memrb::test {
namespace {

using nlohmann::json;

void add_request(const json& request, Shown& shown) {
    const std::string kind = request.at("kind");
    if (kind == "command") {
        Words words;
        for (const auto& word : request.at("argv")) {
            words.push_back(without_moments(word.get<std::string>()));
        }
        shown.commands.push_back(words);
    } else if (kind == "http") {
        shown.requests.push_back(
            without_moments(request.at("method").get<std::string>() + " " + request.at("url").get<std::string>()));
    } else if (request.contains("sources")) {
        for (const auto& source : request.at("sources")) {
            add_request(source, shown);
        }
    }
}

}  // namespace

std::string without_moments(std::string text) {
    text = std::regex_replace(
        text, std::regex(R"((time|start|end|interval\.startTime|interval\.endTime)=[0-9][0-9.TZ%A:-]*)"), "$1=MOMENT");
    return std::regex_replace(text, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)"), "MOMENT");
}

std::vector<Words> split_by_shell(const std::vector<std::string>& lines) {
    std::string script;  // one shell for all: a word with the byte 1 alone ends a line
    for (const auto& line : lines) {
        script += "printf '%s\\0' " + line + "\nprintf '\\1\\0'\n";
    }
    const auto ran = program({"bash", "-c", script}).run();
    INFO(script << "\n" << ran.describe());
    CHECK(ran.ending == exited(0));
    std::vector<Words> all;
    Words words;
    for (std::size_t at = 0; at < ran.out.size();) {
        const auto end = ran.out.find('\0', at);
        const std::string word = ran.out.substr(at, end - at);
        at = end + 1;
        if (word == "\1") {
            all.push_back(std::exchange(words, {}));
        } else {
            words.push_back(without_moments(word));
        }
    }
    return all;
}

void add_line(std::string line, Shown& shown) {
    constexpr std::string_view more = ", or else";
    if (line.ends_with(more)) {
        line.erase(line.size() - more.size());
    }
    if (line.starts_with("$ ")) {
        shown.lines.push_back(line.substr(2));
    } else if (line.starts_with("GET ") || line.starts_with("POST ")) {
        shown.requests.push_back(without_moments(line));
    }
}

void split_lines(std::map<std::string, Shown>& all) {
    std::vector<std::string> lines;
    for (const auto& [id, shown] : all) {
        lines.insert(lines.end(), shown.lines.begin(), shown.lines.end());
    }
    const auto split = split_by_shell(lines);
    REQUIRE(split.size() == lines.size());
    std::size_t at = 0;
    for (auto& [id, shown] : all) {
        for (std::size_t i = 0; i < shown.lines.size(); ++i) {
            shown.commands.push_back(split[at++]);
        }
    }
}

std::map<std::string, Shown> record_of(const std::filesystem::path& folder) {
    std::map<std::string, Shown> all;
    for (const auto& event : events_of(folder, "step_started")) {
        add_request(event.at("request"), all[event.at("step")]);
    }
    return all;
}

std::vector<std::string> ids_in_order(const std::filesystem::path& folder) {
    std::vector<std::string> ids;
    for (const auto& event : events_of(folder, "step_started")) {
        ids.push_back(event.at("step"));
    }
    return ids;
}

std::map<std::string, std::string> captures_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> values;
    for (const auto& event : events_of(folder, "step_finished")) {
        for (const auto& [name, value] : event.at("captures").items()) {
            values[name] = value.is_string() ? value.get<std::string>() : value.dump();
        }
    }
    return values;
}

std::map<std::string, Shown> preview_of(const json& preview, const std::map<std::string, std::string>& values,
                                        const std::function<bool(const json& section)>& wanted) {
    std::map<std::string, Shown> all;
    for (const auto& section : preview.at("sections")) {
        if (!wanted(section)) {
            continue;
        }
        for (const auto& step : section.at("steps")) {
            if (step.at("requests").empty() || step.at("status") == "skipped") {
                continue;
            }
            Shown& shown = all[step.at("id")];
            shown.status = step.at("status");
            for (const auto& one : step.at("requests")) {
                std::string line = one;
                for (const auto& [name, value] : values) {
                    const std::string hole = "${" + name + "}";
                    for (auto at = line.find(hole); at != std::string::npos; at = line.find(hole, at + value.size())) {
                        line.replace(at, hole.size(), value);
                    }
                }
                add_line(line, shown);
            }
        }
    }
    split_lines(all);
    return all;
}

}  // namespace memrb::test
