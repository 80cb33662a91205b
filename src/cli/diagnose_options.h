#pragma once

#include "engine/policy.h"
#include "memrb/result.h"
#include "memrb/target.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::cli {

enum class Format { text, json, jsonl };

/// What `memrb diagnose` was asked for, as typed and then as checked.
struct DiagnoseFlags {
    std::string target;
    std::string runbook;  ///< id or path; empty: the one for the target's platform
    std::string platform;
    std::string name_space, context;  ///< short for `--set kube_namespace=`, `--set kube_context=`
    std::string at;
    std::vector<std::string> sets;
    std::string replay;
    std::string format = "text";
    int jobs = 16;
    bool exit_code = false;
    std::string option;  ///< `memrb resolve`: the option to run
    std::string most;    ///< --max-risk
    std::string confirmed;
    std::string rehearsal;  ///< --dry-run: `true` (without a value); of diagnose `all`, of resolve `server`
    bool yes = false;
    bool watch = false;  ///< of resolve
};

/// What `memrb resolve` adds to a diagnosis.
struct ResolveOptions {
    std::string option;
    engine::Authority authority;
    bool ask_server = false;  ///< `--dry-run=server`
    bool watch = false;       ///< the recovery, without being asked
};

struct DiagnoseOptions {
    std::string target;
    std::string runbook;
    std::optional<Platform> platform;
    std::optional<Timestamp> at;
    std::map<std::string, std::string> sets;
    std::string replay;  ///< empty: live
    Format format = Format::text;
    std::size_t jobs = 16;
    bool dry_run = false;
    bool whole = false;  ///< a dry run of the whole runbook
    bool exit_code = false;
    bool diagnoses = true;  ///< all of the runbook's reads will be done, at once
    std::optional<ResolveOptions> resolve;
};

/// Errors: usage, naming the flag. `now` is what `--at 30m` (ago) is counted from.
Result<DiagnoseOptions> check(const DiagnoseFlags& flags, Timestamp now);

/// `30m` (ago), or a time in RFC 3339 that is not in the future. Errors (usage) begin with the flag's name.
Result<Timestamp> parse_moment(std::string_view flag, const std::string& text, Timestamp now);

/// `name=value`, the name an identifier.
Result<std::map<std::string, std::string>> parse_sets(const std::vector<std::string>& sets);

}  // namespace memrb::cli
