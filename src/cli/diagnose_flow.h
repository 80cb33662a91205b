#pragma once

namespace memrb::cli {

class World;
struct DiagnoseCase;
struct DiagnoseOptions;
struct Reopened;

/// `memrb diagnose`, from the name to the menu. Returns the exit code; errors have been printed.
int run_diagnose(World& world, const DiagnoseOptions& options);

/// Goes on with a recorded incident: diagnoses `the_case` anew into its record, then goes on with the option that
/// `options` names, if any; else as run_diagnose.
int run_resumed(World& world, const DiagnoseOptions& options, DiagnoseCase the_case, Reopened reopened);

}  // namespace memrb::cli
