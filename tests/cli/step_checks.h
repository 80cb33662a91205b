#pragma once

#include "support/document.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace memrb::test {

/// A Prometheus that is down, as a flag's value.
inline constexpr const char* nobody_listens = "prometheus=http://127.0.0.1:1";

/// The shipped runbook's steps that ask Docker.
inline const std::vector<std::string> docker_steps{"usage.inspect", "oom.events"};

/// The step of that id; an empty object if there is none.
nlohmann::json step_of(const nlohmann::json& document, const std::string& id);

/// Checks a step's status, and that the document and a line of stderr tell why.
void check_step(const Ran& ran, const nlohmann::json& document, const std::string& id, const std::string& status,
                const std::string& why);

/// Checks that no process was left behind and no escape sequence written.
void check_clean(const Ran& ran);

/// The document of a run that ended with 0, checked to be clean.
nlohmann::json clean_document_of(const Ran& ran);

/// A runbook with these steps.
void write_runbook(const std::filesystem::path& file, const std::string& steps);

}  // namespace memrb::test
