#pragma once

#include "ui/preview_view.h"
#include "wire/fields.h"

namespace memrb::ui {

/// The one document of a dry run of more than a diagnosis, schema `memrb/preview/v1` (docs/json.md).
wire::Json preview_json(const Preview& preview);

}  // namespace memrb::ui
