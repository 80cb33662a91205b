#include "engine/proposal.h"

#include <fmt/core.h>
#include <algorithm>
#include <string>
#include <variant>

namespace memrb::engine {

bool proposes_limit(const Runbook& runbook, const Variables& vars) {
    const auto is_it = [](const Variable& one) { return one.name == proposed_limit; };
    return !vars.contains(std::string(proposed_limit)) && std::any_of(runbook.vars.begin(), runbook.vars.end(), is_it);
}

Variables with_proposed_limit(Variables vars, const Runbook& runbook, const Target& target,
                              const Assessment& assessment) {
    const auto& fits = assessment.right_size;
    const auto* present = std::get_if<Bytes>(&target.limit);
    if (fits && proposes_limit(runbook, vars) && fits->limit > (present == nullptr ? 0 : *present)) {
        constexpr Bytes mebibyte = Bytes{1} << 20U;
        const bool binary_word = target.kube || target.cloud_run;  // each platform's own word for MiB
        vars.emplace(proposed_limit,
                     fmt::format("{}{}", (fits->limit + mebibyte - 1) / mebibyte, binary_word ? "Mi" : "m"));
    }
    return vars;
}

}  // namespace memrb::engine
