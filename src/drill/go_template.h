#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::drill {

/// Fills in `{{.A.B}}` and `{{json .A.B}}` (also `{{json .}}`), the part of Go's templates that runbooks use. Nothing:
/// the template asks for something else, or for what is not there.
std::optional<std::string> fill_template(std::string_view text, const nlohmann::ordered_json& value);

}  // namespace memrb::drill
