#include "cli/proven_programs.h"

#include "base/digest.h"
#include "system/files.h"

#include <system_error>

namespace memrb::cli {

namespace {

std::string name_of(const std::vector<std::string>& programs) {
    std::string text = MEMRB_VERSION;
    for (const auto& program : programs) {
        // With its length: the same bytes divided in another way are other programs.
        text += std::to_string(program.size()) + ':' + program;
    }
    return base::sha256(text);
}

}  // namespace

bool ProvenPrograms::contains(const std::vector<std::string>& programs) const {
    std::error_code ignored;
    return std::filesystem::is_regular_file(folder_ / name_of(programs), ignored);
}

void ProvenPrograms::add(const std::vector<std::string>& programs) const {
    if (system::make_private_folder(folder_)) {
        (void)system::write_file_atomically(folder_ / name_of(programs), "");
    }
}

}  // namespace memrb::cli
