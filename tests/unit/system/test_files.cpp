#include "system/files.h"

#include "support/temp_dir.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

using namespace memrb;
using namespace memrb::system;
using memrb::test::TempDir;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
    struct stat info{};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a file is read whole or not at all") {
    const TempDir folder;
    const auto file = folder.write("a", std::string(40'000, 'x'));
    CHECK(read_file(file, 40'000).value().size() == 40'000);
    CHECK(read_file(file, 39'999).error().message == file.string() + " is larger than 39.1 KiB");
    CHECK(read_file(folder / "none", 10).error().message ==
          "cannot read " + (folder / "none").string() + ": No such file or directory");
    CHECK(read_file(folder.path(), 10).error().message == "cannot read " + folder.str() + ": Is a directory");
    CHECK_FALSE(read_file("/proc/self/stat", 10'000).value().empty());
}

TEST_CASE("a file is replaced as a whole and readable by its owner only") {
    const TempDir folder;
    const auto file = folder.write("a", "old");
    std::filesystem::permissions(file, std::filesystem::perms::all);
    REQUIRE(write_file_atomically(file, "new text"));
    CHECK(folder.read("a") == "new text");
    CHECK(mode_of(file) == 0600);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a write that fails leaves the old file and no draft") {
    const TempDir folder;
    std::filesystem::create_directory(folder / "a");
    folder.write("a/keep", "x");
    const auto written = write_file_atomically(folder / "a", "text");
    REQUIRE_FALSE(written);
    CHECK(written.error().message == "cannot write " + (folder / "a").string() + ": Is a directory");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    CHECK(write_file_atomically(folder / "none/a", "x").error().message ==
          "cannot write " + (folder / "none/a").string() + ": No such file or directory");
}

TEST_CASE("folders are made private, those that exist are left alone") {
    const TempDir folder;
    std::filesystem::create_directory(folder / "a");
    std::filesystem::permissions(folder / "a", std::filesystem::perms(0755));
    REQUIRE(make_private_folder(folder / "a/b/c"));
    CHECK(mode_of(folder / "a") == 0755);
    CHECK(mode_of(folder / "a/b") == 0700);
    CHECK(mode_of(folder / "a/b/c") == 0700);
    REQUIRE(make_private_folder(folder / "a/b/c"));
    folder.write("file", "");
    CHECK(make_private_folder(folder / "file/x").error().message ==
          "cannot make the folder " + (folder / "file/x").string() + ": Not a directory");
    CHECK(make_private_folder(folder / "file").error().message ==
          "cannot make the folder " + (folder / "file").string() + ": Not a directory");
}
