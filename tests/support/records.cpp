#include "support/records.h"

#include "support/temp_dir.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

namespace memrb::test {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<fs::path> records_below(const fs::path& home) {
    std::vector<fs::path> folders;
    for (const auto& entry : fs::recursive_directory_iterator(home)) {
        if (entry.path().filename() == "journal.jsonl") {
            folders.push_back(entry.path().parent_path());
        }
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

fs::path only_record(const fs::path& home) {
    const auto folders = records_below(home);
    if (folders.size() != 1) {
        FAIL(folders.size() << " records below " << home);
    }
    return folders.front();
}

std::vector<json> events_of(const fs::path& folder, std::string_view kind) {
    std::vector<json> events;
    std::istringstream in(read_file(folder / "journal.jsonl"));
    for (std::string line; std::getline(in, line);) {
        auto event = json::parse(line);
        if (kind.empty() || event.at("event") == kind) {
            events.push_back(std::move(event));
        }
    }
    return events;
}

std::size_t times_recorded(const fs::path& folder, std::string_view text) {
    const std::string journal = read_file(folder / "journal.jsonl");
    std::size_t times = 0;
    for (auto at = journal.find(text); at != std::string::npos; at = journal.find(text, at + 1)) {
        ++times;
    }
    return times;
}

}  // namespace memrb::test
