#include "fake_docker.h"
#include "support/records.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// One recorded diagnosis of `backend`.
struct Recorded {
    TempDir home;
    FakeDocker docker;
    std::string id;
    fs::path folder;

    Recorded() {
        const auto ran = docker.diagnose({"-o", "json"}).home(home.path()).run();
        INFO(ran.describe());
        id = json::parse(ran.out).at("incident");
        folder = only_record(home.path());
    }
    [[nodiscard]] Ran verify(const std::vector<std::string>& flags = {}) const {
        std::vector<std::string> words{"verify", id};
        words.insert(words.end(), flags.begin(), flags.end());
        return run_memrb(words).home(home.path()).run();
    }
};

void change(const fs::path& path, std::size_t at) {
    std::string bytes = read_file(path);
    REQUIRE(bytes.size() > at);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

TEST_CASE("verify proves a real record, its lines and the outputs that it names") {
    const Recorded record;
    const auto text = record.verify();
    INFO(text.describe());
    CHECK(text.ending == exited(0));
    CHECK(text.out.starts_with("incident " + record.id + " is as it was written: "));
    CHECK(text.err.empty());
    const auto document = json::parse(record.verify({"-o", "json"}).out);
    CHECK(document.at("schema") == "memrb/verify/v1");
    CHECK(document.at("holds") == true);
    CHECK(document.at("lines") > 10);
    CHECK(document.at("lines_without_hash") == 0);
    CHECK(document.at("outputs").at("proven") > 3);
    CHECK(document.at("outputs").at("without_digest") == 0);
}

TEST_CASE("verify names the first broken line and every broken output") {
    const Recorded record;
    fs::path output;
    for (const auto& entry : fs::directory_iterator(record.folder / "outputs")) {
        output = entry.path();
    }
    change(output, 0);
    const std::string journal = read_file(record.folder / "journal.jsonl");
    change(record.folder / "journal.jsonl", journal.rfind('\n', journal.size() - 2) + 30);
    const auto lines = std::count(journal.begin(), journal.end(), '\n');
    const auto ran = record.verify();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    CHECK(ran.out.find("line " + std::to_string(lines) + " of the journal is broken") != std::string::npos);
    CHECK(ran.out.find("outputs/" + output.filename().string() + ": it is not as it was written") != std::string::npos);
    const auto json_ran = record.verify({"-o", "json"});
    CHECK(json_ran.ending == exited(1));
    CHECK(json::parse(json_ran.out).at("first_broken").at("line") == lines);
}

TEST_CASE("verify of what is not there is a usage error") {
    const auto ran = run_memrb({"verify", "zzzz"}).run();
    CHECK(ran.ending == exited(2));
    CHECK(ran.err.find("nothing is recorded yet") != std::string::npos);
}

TEST_CASE("without a record an option is refused, and nothing of it is run") {
    const TempDir home;
    const FakeDocker docker;
    const auto blocked = home.write("state", "a file where the folder belongs");
    const auto ran = run_memrb({"resolve", "backend", "restart", "--confirm=backend"})
                         .path_first(docker.bin())
                         .env("DOCKER_HOST", "unix://" + docker.socket().string())
                         .env("XDG_STATE_HOME", blocked.string())
                         .run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    CHECK(ran.err.find("a change without a record would be lost") != std::string::npos);
}
