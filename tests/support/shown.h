#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace memrb::test {

using Words = std::vector<std::string>;

/// What is asked for at its moment: the moments of two runs differ.
std::string without_moments(std::string text);

/// The words of command lines as a shell reads them.
std::vector<Words> split_by_shell(const std::vector<std::string>& lines);

/// What a step would start or ask, or has started and asked. Moments are left out.
struct Shown {
    std::vector<Words> commands;
    std::vector<std::string> requests;  ///< `GET http://...`
    std::string status;                 ///< of a dry run
    std::vector<std::string> lines;     ///< the commands as they were shown, to be run by hand
};

/// One line of a dry run's text.
void add_line(std::string line, Shown& shown);
/// When all lines are there: fills in the commands.
void split_lines(std::map<std::string, Shown>& all);

/// What a real run has started and asked, by step id, from its journal.
std::map<std::string, Shown> record_of(const std::filesystem::path& folder);

/// The ids of the steps that it has begun, in their order.
std::vector<std::string> ids_in_order(const std::filesystem::path& folder);

/// The values that its steps have captured, as they are written into commands.
std::map<std::string, std::string> captures_of(const std::filesystem::path& folder);

/// `memrb/preview/v1` by step id: the sections that `wanted` picks; `${name}` filled in from `values`. Only what has
/// a request.
std::map<std::string, Shown> preview_of(const nlohmann::json& preview, const std::map<std::string, std::string>& values,
                                        const std::function<bool(const nlohmann::json& section)>& wanted);

}  // namespace memrb::test
