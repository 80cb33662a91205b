// What was done to real containers, decided anew from its record alone.
#include "support/compose_lab.h"
#include "support/docker_lab.h"
#include "support/document.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <optional>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds a_while(120);

/// The id of the only incident that was recorded in this home.
std::string only_incident(const TempDir& home, const DockerLab& lab) {
    const auto ran = run_memrb({"history", "-o", "json"}).env(lab.env()).home(home.path()).run();
    const auto document = document_of(ran);
    INFO(document.dump(1));
    REQUIRE(document.at("incidents").size() == 1);
    return document.at("incidents")[0].at("id");
}

}  // namespace

TEST_CASE("an incident with an edited file is decided anew when its container and its file are gone") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const TempDir home;
    {
        const ComposeProject shop(lab,
                                  "services:\n  backend:\n    mem_limit: 64m  # enough?\n    image: memrb-lab/mem\n"
                                  "    command: [working-set=60m, say=ready]\n");
        shop.up();
        const std::string name =
            lab->docker_out({"inspect", "--format", "{{.Name}}", shop.container_of("backend")}).substr(1);
        const auto ran = run_memrb({"resolve", name, "raise-limit", "--confirm=" + name, "--set", "memory_limit=128m"})
                             .env(lab->env())
                             .home(home.path())
                             .timeout(a_while)
                             .run();
        INFO(ran.describe());
        REQUIRE(ran.ending == exited(0));
    }
    const auto anew = [&](const std::string& answers, const std::string& format) {
        const auto script = home.write("answers", answers);
        return run_memrb({"drill", "--from", only_incident(home, *lab), "--answers", script.string(), "-o", format})
            .home(home.path())
            .path_only("/nowhere")
            .timeout(a_while)
            .run();
    };
    const auto shown = anew("raise-limit\nyes\nyes\nn\nkeep\nq\n", "text");
    INFO(shown.describe());
    REQUIRE(shown.ending == exited(0));
    CHECK(shown.err.find("- 3:     mem_limit: 64m  # enough?") != std::string::npos);
    CHECK(shown.err.find("+ 3:     mem_limit: 128m  # enough?") != std::string::npos);
    const auto same = document_of(anew("raise-limit\nyes\nyes\nn\nkeep\nq\n", "json"));
    CHECK(same.at("decisions_kept") == 2);
    CHECK(same.at("then").size() == 2);
    const auto other = document_of(anew("restart\nyes\nq\n", "json"));
    CHECK(other.at("end") == "off-record");
    CHECK(other.at("off").dump().find("Then, raise-limit.") != std::string::npos);
    CHECK(other.at("decisions_kept") == 0);
}
