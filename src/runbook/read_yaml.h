#pragma once

#include "runbook/raw.h"
#include "runbook/reporter.h"
#include "runbook/source.h"

#include <cstddef>

namespace memrb::runbook {

constexpr std::size_t max_depth = 32;       ///< lists and maps inside each other
constexpr std::size_t max_nodes = 100'000;  ///< values, each alias counted with all that it stands for
constexpr std::size_t max_scalar_bytes = 64 * 1024;

/// Reads one YAML document. Reports syntax errors, what version 1 leaves out of YAML (several documents, merge keys,
/// own tags, keys that are no text), repeated keys and exceeded limits. The document holds what could be read; it has
/// no root after a syntax error or an exceeded limit.
Document read_yaml(const Source& source, Reporter& report);

}  // namespace memrb::runbook
