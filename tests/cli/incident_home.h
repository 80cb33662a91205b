#pragma once

#include "support/run.h"
#include "support/temp_dir.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::test {

/// A home with one recorded incident, `a2b3`: the shipped demo, a leaking `backend`, as another process left it.
class IncidentHome {
public:
    IncidentHome();

    [[nodiscard]] Run memrb(std::vector<std::string> words) const {
        return run_memrb(std::move(words)).home(home_.path());
    }
    /// Its config.yaml.
    void config(std::string_view text) const { home_.write("config/memrb/config.yaml", text); }
    [[nodiscard]] std::filesystem::path path() const { return home_.path(); }
    [[nodiscard]] std::filesystem::path folder() const;

    /// The events of a kind in the journal of the only incident.
    [[nodiscard]] std::vector<nlohmann::json> events(std::string_view kind) const;

    /// The names of files below the home that hold this text; the config's own secrets files have to be named.
    [[nodiscard]] std::string files_with(std::string_view secret, std::string_view except = "secret") const;

private:
    TempDir home_;
};

}  // namespace memrb::test
