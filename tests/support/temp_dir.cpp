#include "support/temp_dir.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace memrb::test {

TempDir::TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "memrb-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "cannot make " + pattern);
    }
    path_ = pattern;
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempDir::~TempDir() {
    if (!path_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
}

std::filesystem::path TempDir::write(std::string_view name, std::string_view content) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    if (!out) {
        throw std::runtime_error("cannot write " + file.string());
    }
    return file;
}

std::filesystem::path TempDir::write_script(std::string_view name, std::string_view content) const {
    auto file = write(name, content);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file;
}

std::string TempDir::read(std::string_view name) const {
    return read_file(path_ / name);
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in.is_open()) {
        throw std::runtime_error("cannot read " + path.string());
    }
    std::ostringstream text;
    // An empty file would set the failure bit of what it is copied to.
    if (in.peek() != std::ifstream::traits_type::eof()) {
        text << in.rdbuf();
    }
    return std::move(text).str();
}

}  // namespace memrb::test
