#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string_view>
#include <vector>

namespace memrb::test {

/// The folders of the incidents that are recorded below a home, in the order of their names.
std::vector<std::filesystem::path> records_below(const std::filesystem::path& home);
/// The only one; fails the test if there is none, or another one.
std::filesystem::path only_record(const std::filesystem::path& home);

/// The events of a record, or those of one kind.
std::vector<nlohmann::json> events_of(const std::filesystem::path& folder, std::string_view kind = {});
/// How often its journal has this text.
std::size_t times_recorded(const std::filesystem::path& folder, std::string_view text);

}  // namespace memrb::test
