#pragma once

#include <cstddef>
#include <vector>

namespace memrb::runbook {

/// Circles in a directed graph, each as the nodes along it, the first one not repeated. Every node is in at most one of
/// them; if there is any circle, at least one is found. Not recursive: the graph comes from a file.
std::vector<std::vector<std::size_t>> find_circles(const std::vector<std::vector<std::size_t>>& edges);

}  // namespace memrb::runbook
