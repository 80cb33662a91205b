#pragma once

#include "support/run.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::test {

/// A script for `--answers`.
void write_answers(const std::filesystem::path& file, const std::vector<std::string>& answers);

/// Checks that each line on stdout and stderr bears the mark of a drill.
void check_marked(const Ran& ran);

/// The first cell of each row of the tables below a heading of docs/json.md.
std::set<std::string> documented_members(std::string_view schema);

/// All members of a document, as docs/json.md names them: `a.b`, `c[].d`.
std::set<std::string> members_of(const nlohmann::json& document);

}  // namespace memrb::test
