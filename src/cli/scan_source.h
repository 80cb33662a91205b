#pragma once

#include "memrb/assessment.h"
#include "memrb/fleet.h"
#include "memrb/result.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace memrb::cli {

class World;
struct ScanOptions;

/// Looks for the causes of a row that was judged as of this moment, and takes out what will not be shown. Called from
/// several threads at once.
using FinishRow = std::function<void(FleetRow&, Timestamp)>;

/// All containers that a source knows, judged and finished, in any order.
struct Fleet {
    std::vector<FleetRow> rows;
    std::size_t left_out = 0;  ///< series that are no containers
    std::string source;        ///< address for people
    Timestamp at{};
    std::vector<std::string> warnings;
};

/// What a scan needs to know of a Prometheus.
struct MetricsPlace {
    std::string address;
    std::string load_metric;  ///< a counter of requests; empty: none was named
};

/// A handful of queries for the whole fleet. Errors: usage for an address or a metric that is none, no_data if it
/// cannot be asked or its answer is not understood, interrupted.
Result<Fleet> scan_prometheus(World& world, const ScanOptions& options, const MetricsPlace& place,
                              const std::vector<Threshold>& thresholds, const FinishRow& finish);

/// The Docker engine's containers, measured now: there is no history. Those that do not run are told only if the OOM
/// killer may have ended them. Errors: no_data, interrupted.
Result<Fleet> scan_docker(World& world, const std::vector<Threshold>& thresholds, const FinishRow& finish);

}  // namespace memrb::cli
