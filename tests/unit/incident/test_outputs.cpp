#include "incident/outputs.h"

#include "fixtures.h"

#include <catch2/catch.hpp>

using namespace memrb;
using incident::FolderFiles;
using incident::MemoryFiles;
using incident::with_bytes;

namespace {

std::string error_of(const Output& output, const incident::OutputFiles& files) {
    const auto read = with_bytes(output, files);
    return read ? "read" : read.error().message;
}

}  // namespace

TEST_CASE("an output in a file comes back whole", "[incident]") {
    const test::TempDir dir;
    dir.write("outputs/a.out", "hello\n");
    const auto output = with_bytes(samples::in_file("outputs/a.out", 6), FolderFiles(dir.path()));
    REQUIRE(output);
    CHECK(output->head == "hello\n");
    CHECK(output->tail.empty());
    CHECK_FALSE(output->truncated());
    CHECK(with_bytes(samples::in_memory("x"), FolderFiles(dir.path()))->text() == "x");
    CHECK(with_bytes(Output{}, FolderFiles(dir.path()))->text().empty());
}

TEST_CASE("an output comes back with the ends that it had in memory", "[incident]") {
    std::string bytes;
    for (int i = 0; i < 1000; ++i) {
        bytes += static_cast<char>('a' + i % 26);
    }
    const MemoryFiles files({{"outputs/a.out", bytes}, {"outputs/b.out", bytes.substr(0, 500)}});
    Output output = samples::in_file("outputs/a.out", 1000);
    output.dropped = 985;  // 15 were kept: 7 as head, 8 as tail
    const auto read = with_bytes(output, files);
    REQUIRE(read);
    CHECK(read->head == bytes.substr(0, 7));
    CHECK(read->tail == bytes.substr(992));

    Output capped = samples::in_file("outputs/b.out", 1000);  // the file stops in the middle
    capped.in_file = 500;
    capped.dropped = 985;
    capped.tail = "the tail";
    const auto read_capped = with_bytes(capped, files);
    REQUIRE(read_capped);
    CHECK(read_capped->head == bytes.substr(0, 7));
    CHECK(read_capped->tail == "the tail");

    Output full_disk = samples::in_file("outputs/b.out", 1000);  // and memory had all of it
    full_disk.in_file = 500;
    full_disk.head = bytes.substr(0, 600);
    full_disk.tail = bytes.substr(600);
    CHECK(with_bytes(full_disk, files)->text() == bytes);
}

TEST_CASE("an output that is not as recorded is an error", "[incident]") {
    const test::TempDir dir;
    const FolderFiles files(dir.path());
    std::filesystem::create_directory(dir / "outputs");
    CHECK(error_of(samples::in_file("outputs/a.out", 6), files) ==
          "cannot read " + (dir / "outputs/a.out").string() + ": there is no such file");
    dir.write("outputs/a.out", "hell");
    CHECK(error_of(samples::in_file("outputs/a.out", 6), files) ==
          "outputs/a.out: it has 4 bytes where the record says 6");
    CHECK(error_of(samples::in_file("outputs/a.out", 3), files) ==
          "outputs/a.out: it has 4 bytes where the record says 3");
    Output lying = samples::in_file("outputs/a.out", 1000);  // more in memory than in the file, and no tail
    lying.in_file = 4;
    CHECK(error_of(lying, files) == (dir / "outputs/a.out").string() + " ends after 4 bytes, 996 are missing");
    dir.write("outputs/hole.out", "");
    std::filesystem::resize_file(dir / "outputs/hole.out", std::uint64_t{200} << 20U);
    CHECK(error_of(samples::in_file("outputs/hole.out", std::uint64_t{200} << 20U), files) ==
          "outputs/hole.out: 200 MiB are too much to be held in memory");
    CHECK(error_of(samples::in_file("outputs/x", 1), MemoryFiles({})) ==
          "outputs/x: there is no such file in the record");
}

TEST_CASE("a record does not reach outside its folder", "[incident]") {
    const test::TempDir dir;
    dir.write("secret", "s");
    dir.write("incident/outputs/a.out", "a");
    const FolderFiles files(dir / "incident");
    for (const std::string& name :
         {std::string("../secret"), std::string("outputs/../../secret"), std::string("/etc/passwd"),
          std::string("outputs/"), std::string("outputs/.."), std::string("outputs/.hidden"),
          std::string("outputs/a/b"), std::string("a.out"), std::string("outputs//a.out"),
          std::string("outputs/a\0b", 11), "outputs/" + std::string(300, 'x')}) {
        INFO(name);
        CHECK(error_of(samples::in_file(name, 1), files).find("cannot be the file of a recorded output") !=
              std::string::npos);
    }
    std::filesystem::create_symlink(dir / "secret", dir / "incident/outputs/link.out");
    CHECK(error_of(samples::in_file("outputs/link.out", 1), files) ==
          "cannot read " + (dir / "incident/outputs/link.out").string() +
              ": it is a symbolic link, which a record does not have");
    std::filesystem::create_directory(dir / "other");
    std::filesystem::create_directory_symlink(dir / "incident/outputs", dir / "other/outputs");
    CHECK(error_of(samples::in_file("outputs/a.out", 1), FolderFiles(dir / "other")) ==
          "cannot read " + (dir / "other/outputs").string() + ": it is a symbolic link, which a record does not have");
}
