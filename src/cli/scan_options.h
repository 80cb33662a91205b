#pragma once

#include "cli/diagnose_options.h"
#include "memrb/assessment.h"
#include "memrb/result.h"
#include "memrb/target.h"
#include "memrb/units.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace memrb::cli {

/// What `memrb scan` was asked for, as typed and then as checked.
struct ScanFlags {
    std::string platform;
    std::vector<std::string> matchers;
    std::vector<std::string> sets;
    std::string runbook;
    std::string range = "1h";
    std::string step;
    std::string min_level;
    std::string format = "text";
    int top = 0;
    bool exit_code = false;
};

struct ScanOptions {
    std::optional<Platform> platform;
    std::vector<std::string> matchers;
    std::map<std::string, std::string> sets;
    std::string runbook;  ///< empty: the default one
    Milliseconds range{};
    Milliseconds step{};  ///< whole seconds
    std::optional<Level> min_level;
    Format format = Format::text;
    std::size_t top = 0;  ///< 0: all
    bool exit_code = false;
};

/// Errors: usage, naming the flag.
Result<ScanOptions> check(const ScanFlags& flags);

}  // namespace memrb::cli
