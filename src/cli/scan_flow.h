#pragma once

namespace memrb::cli {

class World;
struct ScanOptions;

/// `memrb scan`, from the source to the table. Returns the exit code; errors have been printed.
int run_scan(World& world, const ScanOptions& options);

}  // namespace memrb::cli
