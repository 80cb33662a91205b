#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace memrb::test {

/// A new folder in $TMPDIR or /tmp, only for this user; removed with all that is in it.
class TempDir {
public:
    TempDir();
    TempDir(TempDir&& other) noexcept;
    TempDir& operator=(TempDir&&) = delete;
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    ~TempDir();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::string str() const { return path_.string(); }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

    /// Writes a file (folders on the way are made) and tells its full path.
    std::filesystem::path write(std::string_view name, std::string_view content) const;
    /// The same with the permission to execute it: a stand-in for a tool on PATH.
    std::filesystem::path write_script(std::string_view name, std::string_view content) const;
    [[nodiscard]] std::string read(std::string_view name) const;

private:
    std::filesystem::path path_;
};

/// The whole file; throws std::runtime_error with the path if it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace memrb::test
