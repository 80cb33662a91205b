#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace memrb::runbook {

/// What `when`, `signs`, `applies` and `until` may look at: the top-level fields of the facts that the engine makes.
std::span<const std::string_view> fact_names();

/// The fields of one of them; nothing if they are not fixed (`vars`, `steps`) or it has none.
std::optional<std::span<const std::string_view>> fact_fields(std::string_view fact);

/// True if it is known only after the readings have been judged.
bool is_assessed(std::string_view fact);

}  // namespace memrb::runbook
