#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace memrb::cli {

/// Which sets of jq programs have been compiled without an error before. libjq reads its own library of functions at
/// every compilation, which takes longer than all else that `runbook check` does; a set that has not changed need not
/// be compiled to be checked. One empty file for each set, named by a digest of its text and memrb's version; a folder
/// that cannot be read or written only costs the time.
class ProvenPrograms {
public:
    explicit ProvenPrograms(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] bool contains(const std::vector<std::string>& programs) const;
    void add(const std::vector<std::string>& programs) const;

private:
    std::filesystem::path folder_;
};

}  // namespace memrb::cli
