#include "system/file_edit.h"

#include "support/temp_dir.h"

#include <sys/stat.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace memrb;
using memrb::test::TempDir;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* base_text = "services:\n  backend:\n    image: x\n    mem_limit: 64m\n";

std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct Project {
    TempDir folder;
    fs::path file = folder.path() / "compose.yml";
    RunContext context;

    explicit Project(const std::string& text = base_text) {
        context.step = "raise-limit.file";
        context.spill_dir = folder.path() / "outputs";
        write(file, text);
    }
    static void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

    FileEdit edit(const std::string& value = "128m") const {
        return {
            {file.string()},
            {{"services", "backend", "mem_limit"}, {"services", "backend", "deploy", "resources", "limits", "memory"}},
            value,
            "",
            "",
            false};
    }
    json done(const FileEdit& wanted) const {
        const auto outcome = system::run_file_edit(wanted, context);
        const auto* failed = std::get_if<NotStarted>(&outcome.ending);
        INFO((failed == nullptr ? std::string("done") : failed->why));
        REQUIRE(outcome.ok());
        return json::parse(outcome.out.text());
    }
    std::string refused(const FileEdit& wanted) const {
        const auto outcome = system::run_file_edit(wanted, context);
        const auto* failed = std::get_if<NotStarted>(&outcome.ending);
        return failed == nullptr ? "done" : failed->why;
    }
};

}  // namespace

TEST_CASE("an edit keeps a copy, the mode of the file and the link to it") {
    const Project project;
    ::chmod(project.file.c_str(), 0640);
    const fs::path link = project.folder.path() / "link.yml";
    fs::create_symlink("compose.yml", link);
    auto edit = project.edit();
    edit.files = {link.string()};
    const json answer = project.done(edit);
    CHECK(contents(project.file) == "services:\n  backend:\n    image: x\n    mem_limit: 128m\n");
    CHECK(fs::is_symlink(link));
    CHECK((fs::status(project.file).permissions() & fs::perms::all) == fs::perms(0640));
    CHECK(answer.at("before") == "64m");
    CHECK(answer.at("lines").at(0).at("number") == 4);
    CHECK(contents(answer.at("copy").get<std::string>()) == base_text);
    CHECK((fs::status(answer.at("copy").get<std::string>()).permissions() & fs::perms::all) == fs::perms(0600));
}

TEST_CASE("the undo puts the file back, unless somebody has changed it since") {
    const Project project;
    const json answer = project.done(project.edit());
    FileEdit undo{{project.file.string()}, {}, "", answer.at("copy"), answer.at("left_as"), false};
    Project::write(project.file, contents(project.file) + "# by hand\n");
    CHECK(project.refused(undo).starts_with(project.file.string() +
                                            " has been changed since: the file as it was lies in"));
    CHECK(contents(project.file).ends_with("# by hand\n"));

    undo.left_as.clear();
    project.done(undo);
    CHECK(contents(project.file) == base_text);
}

TEST_CASE("two edits keep two copies") {
    const Project project;
    const json first = project.done(project.edit("128m"));
    const json second = project.done(project.edit("256m"));
    CHECK(first.at("copy") != second.at("copy"));
    CHECK(contents(first.at("copy").get<std::string>()) == base_text);
    CHECK(second.at("before") == "128m");
}

TEST_CASE("a preview tells the same lines and writes nothing") {
    const Project project;
    auto edit = project.edit();
    edit.preview = true;
    const json answer = project.done(edit);
    CHECK(answer.at("lines").at(0).at("added") == json::array({"    mem_limit: 128m"}));
    CHECK(answer.at("copy").is_null());
    CHECK(contents(project.file) == base_text);
    CHECK_FALSE(fs::exists(project.context.spill_dir));
}

TEST_CASE("the last file that says something is changed, else the last that has the service") {
    const Project project;
    const fs::path other = project.folder.path() / "override.yml";
    auto edit = project.edit();
    edit.files.push_back(other.string());
    Project::write(other, "services:\n  backend:\n    command: y\n");
    CHECK(project.done(edit).at("file") == project.file.string());
    Project::write(other, "services:\n  backend:\n    mem_limit: 96m\n");
    CHECK(project.done(edit).at("before") == "96m");

    Project::write(project.file, "services:\n  backend:\n    image: x\n");
    Project::write(other, "services:\n  web:\n    image: y\n");
    CHECK(project.done(edit).at("file") == project.file.string());
    Project::write(project.file, "services: {}\n");
    CHECK(project.refused(edit) == "no service backend in " + project.file.string() + ", " + other.string());
}

TEST_CASE("nothing is changed without a record, a readable file, or a whole one") {
    Project project;
    auto missing = project.edit();
    missing.files = {(project.folder.path() / "gone.yml").string()};
    CHECK(project.refused(missing).starts_with("cannot read "));
    const Project broken("services: [\n");
    CHECK(broken.refused(broken.edit()).starts_with(broken.file.string() + ":2:1: "));
    project.context.spill_dir.clear();
    CHECK(project.refused(project.edit()) == "not changed, for want of a copy: there is no record to keep a copy in");
    CHECK(contents(project.file) == base_text);
}
