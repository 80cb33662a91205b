#include "actions/compose_project.h"

namespace memrb::actions {

std::string in_project(const ComposeRef& compose, const std::string& file) {
    return file.starts_with('/') || compose.working_dir.empty() ? file : compose.working_dir + "/" + file;
}

std::vector<std::string> compose_files(const ComposeRef& compose) {
    std::vector<std::string> files;
    for (const auto& file : compose.files) {
        if (!file.empty() && file != "-") {
            files.push_back(in_project(compose, file));
        }
    }
    return files;
}

}  // namespace memrb::actions
