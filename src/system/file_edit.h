#pragma once

#include "memrb/ports.h"

namespace memrb::system {

/// Does a FileEdit. The file that is changed is the last of those that have one of the places, else the last in which
/// the place can be made. Output: `{"file":...,"value":...,"before":text|null,"lines":[{"number":7,"removed":text|null,
/// "added":[...]}],"copy":path|null,"left_as":SHA-256}`; `copy` is the file as it was, in `spill_dir`; null in a
/// preview and when nothing had to be changed. Mode and owner stay; a symbolic link stays one. Nothing is written when
/// the file was changed by somebody else meanwhile, or when the copy cannot be made.
Outcome run_file_edit(const FileEdit& edit, const RunContext& context);

}  // namespace memrb::system
