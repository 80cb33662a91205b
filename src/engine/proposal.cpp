#include "engine/proposal.h"

#include <fmt/core.h>
#include <algorithm>
#include <string>
#include <variant>

namespace memrb::engine {

Variables with_proposed_limit(Variables vars, const Runbook& runbook, const Target& target,
                              const Assessment& assessment) {
    constexpr const char* name = "memory_limit";
    const auto& fits = assessment.right_size;
    const auto* present = std::get_if<Bytes>(&target.limit);
    const bool declared =
        std::any_of(runbook.vars.begin(), runbook.vars.end(), [&](const auto& one) { return one.name == name; });
    if (declared && fits && fits->limit > (present == nullptr ? 0 : *present)) {
        constexpr Bytes mebibyte = Bytes{1} << 20U;
        const bool binary_word = target.kube || target.cloud_run;  // each platform's own word for MiB
        vars.emplace(name, fmt::format("{}{}", (fits->limit + mebibyte - 1) / mebibyte, binary_word ? "Mi" : "m"));
    }
    return vars;
}

}  // namespace memrb::engine
