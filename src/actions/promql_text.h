#pragma once

#include "memrb/reading.h"
#include "memrb/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace memrb::actions {

/// True for `name`, `name{...}` and `{...}`: only such a query can be asked for its stored samples (`query[6h]`).
bool is_plain_selector(std::string_view query);

/// `memory`, `limit`, ... as a runbook writes them.
Result<SeriesRole> parse_role(std::string_view word);

/// What a well-known metric measures; nothing if it is not known.
std::optional<SeriesRole> role_of_metric(std::string_view metric);

/// What the samples of a query measure. A rate of memory is no memory, and a share of two metrics is neither: only
/// aggregations that keep the unit pass the metric's role on.
SeriesRole guess_role(std::string_view query);

/// The first metric that a query names, or empty; words inside quotes and braces do not count.
std::string first_metric(std::string_view query);

}  // namespace memrb::actions
