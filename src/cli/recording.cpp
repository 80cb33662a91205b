#include "cli/recording.h"

#include "base/text.h"
#include "cli/shipped.h"
#include "cli/world.h"
#include "incident/store.h"

#include <fmt/core.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace memrb::cli {

namespace {

namespace fs = std::filesystem;
using Source = Result<incident::ReplaySource>;

constexpr std::string_view demo_path = "demo/leak.json";

Source open_demo() {
    for (const auto& file : shipped_files()) {
        if (file.path == demo_path) {
            return incident::ReplaySource::from_bundle(file.bytes);
        }
    }
    return fail(Fault::failed, "this build has no demo incident in it");
}

Source open_path(const fs::path& path) {
    std::error_code none;
    if (fs::is_directory(path, none)) {
        return incident::ReplaySource::from_folder(path);
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return fail(Fault::usage, fmt::format("there is no record at {}", base::printable(path.string())));
    }
    return incident::ReplaySource::from_bundle(
        std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
}

Source open_named(const World& world, const std::string& name) {
    if (name == "demo") {
        return open_demo();
    }
    if (name.find('/') != std::string::npos || name.ends_with(".json")) {
        return open_path(name);
    }
    const auto entry = incident::Store(world.dirs().incidents).find(name);
    return entry ? incident::ReplaySource::from_folder(entry->folder) : Source(tl::unexpected(entry.error()));
}

}  // namespace

Result<std::shared_ptr<const incident::ReplaySource>> open_recording(const World& world, const std::string& name) {
    auto source = open_named(world, name);
    if (!source) {
        return tl::unexpected(source.error());
    }
    return std::make_shared<const incident::ReplaySource>(std::move(*source));
}

}  // namespace memrb::cli
