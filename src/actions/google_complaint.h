#pragma once

#include "memrb/outcome.h"

#include <optional>
#include <string>
#include <string_view>

namespace memrb::actions {

/// What gcloud or one of Google's APIs says of its failure, plainly: no login, not permitted, not there, quota, not
/// able, no answer. Other words come back as failure_of tells them. Nothing: there was no failure.
std::optional<std::string> google_failure_of(const Outcome& outcome, std::string_view what_answers = "gcloud");

/// The line of gcloud's standard error that tells what went wrong, without the name of the command.
std::string gcloud_error(const Output& err);

/// True if a change that ended with these words may have been made. gcloud sends a change again whose answer was lost,
/// and is then told of a conflict (409) with itself.
bool change_may_be_live(std::string_view words);

}  // namespace memrb::actions
