#include "incident_home.h"

#include "support/records.h"

namespace memrb::test {

using nlohmann::json;
namespace fs = std::filesystem;

IncidentHome::IncidentHome() {
    const auto bundle = json::parse(read_file(fs::path(MEMRB_FIXTURES) / "../../runbooks/demo/leak.json"));
    std::string journal;
    for (auto event : bundle.at("journal")) {
        if (event.at("event") == "incident_opened") {
            event["incident"] = "a2b3";
        }
        journal += event.dump() + "\n";
    }
    home_.write("state/memrb/incidents/20261121T234002Z-backend-a2b3/journal.jsonl", journal);
}

fs::path IncidentHome::folder() const {
    return home_.path() / "state/memrb/incidents/20261121T234002Z-backend-a2b3";
}

std::vector<json> IncidentHome::events(std::string_view kind) const {
    return events_of(folder(), kind);
}

std::string IncidentHome::files_with(std::string_view secret, std::string_view except) const {
    std::string found;
    for (const auto& entry : fs::recursive_directory_iterator(home_.path())) {
        if (entry.is_regular_file() && entry.path().filename() != except &&
            read_file(entry.path()).find(secret) != std::string::npos) {
            found += entry.path().string() + "\n";
        }
    }
    return found;
}

}  // namespace memrb::test
