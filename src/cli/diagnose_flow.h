#pragma once

namespace memrb::cli {

class World;
struct DiagnoseOptions;

/// `memrb diagnose`, from the name to the menu. Returns the exit code; errors have been printed.
int run_diagnose(World& world, const DiagnoseOptions& options);

}  // namespace memrb::cli
