// What the Cloud Run runbook has done in a local environment or by a person, and its ten minutes of verification.
#include "by_hand.h"
#include "support/gcloud_lab.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds a_while(300);
const std::string confirmed = std::string("--confirm=") + GcloudLab::service;

/// A Python of which the modules that change something or run long only say what they were asked.
class Python {
public:
    Python() {
        folder_.write_script(
            "python3", "#!/bin/sh\necho \"$*\" >> '" + (folder_ / "asked").string() +
                           "'\n[ \"$1\" = -m ] && echo \"asked for $*\" && exit 0\nexec /usr/bin/python3 \"$@\"\n");
    }
    [[nodiscard]] std::string path() const { return (folder_ / "python3").string(); }
    [[nodiscard]] std::string asked() const { return read_file(folder_ / "asked"); }

private:
    TempDir folder_;
};

Run run_on(const GcloudLab& lab, const TempDir& home, std::vector<std::string> words) {
    home.write("config/memrb/config.yaml", lab.config());
    return run_memrb(std::move(words)).env(lab.env()).home(home.path()).timeout(a_while);
}

std::string said(const json& document, const std::string& id) {
    for (const char* list : {"steps", "checks"}) {
        for (const auto& step : document.at(list)) {
            if (step.at("id") == id) {
                return step.at("status").get<std::string>() + ": " + step.at("said").get<std::string>();
            }
        }
    }
    return "no step " + id;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Cloud Run: a library is updated, or put back to a good version, and measured in the local environment") {
    const auto lab = GcloudLab::start("leak", 2);
    if (!lab) {
        return;
    }
    const Python python;
    const TempDir home;
    std::vector<std::string> words{"resolve",
                                   GcloudLab::service,
                                   "fix-library",
                                   confirmed,
                                   "-o",
                                   "json",
                                   "--set=python=" + python.path(),
                                   "--set=library=json"};
    const Ran ran = run_on(*lab, home, words).run();
    INFO(ran.describe());
    CHECK(holds(python.asked(), "-m pip install --upgrade json\n"));
    const auto document = json::parse(ran.out);
    CHECK(said(document, "fix-library.update").starts_with("ok"));
    CHECK(said(document, "fix-library.downgrade").starts_with("skipped"));
    CHECK(said(document, "fix-library.verify").starts_with("ok"));
    CHECK(holds(python.asked(), "tracemalloc.start()"));
    words.emplace_back("--set=library_version=1.2.3");
    const Ran back = run_on(*lab, home, words).run();
    INFO(back.describe());
    CHECK(holds(python.asked(), "-m pip install json==1.2.3\n"));
    CHECK(lab->changes().empty());
}

TEST_CASE("Cloud Run: the entry point is profiled where its source and a Python are given") {
    const auto lab = GcloudLab::start("leak", 2);
    if (!lab) {
        return;
    }
    const Python python;
    const TempDir home;
    const TempDir source;
    source.write("src/api/main.py", "rows = []\n");
    const Ran ran = run_on(*lab, home,
                           {"resolve", GcloudLab::service, "fix-leak", confirmed, "-o", "json",
                            "--set=python=" + python.path(), "--set=source=" + source.str()})
                        .run();
    INFO(ran.describe());
    CHECK(holds(python.asked(), "-m memory_profiler " + source.str() + "/src/api/main.py\n"));
    CHECK(said(json::parse(ran.out), "fix-leak.profile").starts_with("ok"));
    CHECK(lab->changes().empty());
}

TEST_CASE("Cloud Run: what only a person can do is asked for") {
    const auto lab = GcloudLab::start("cache", 2);
    if (!lab) {
        return;
    }
    for (const auto& row : std::vector<ByHand>{
             {"reduce-cache", {"Give the cache a largest size"}},
             {"limit-payloads", {"Stream large files"}},
             {"fix-leak", {"memory_profiler src/api/main.py", "searches for what usually leaks", "Fix the code"}},
             {"fix-library", {"pip install --upgrade NAME", "another library", "Deploy the service"}}}) {
        const TempDir home;
        do_by_hand(run_on(*lab, home, {"resolve", GcloudLab::service, row.option}), row, a_while);
    }
    CHECK(lab->changes().empty());
}

TEST_CASE("Cloud Run: a watch follows the newest samples, and tells a service that is well from one that is not") {
    const auto well = GcloudLab::start("cache", 2, {.bad = 0, .hours = 30});
    if (!well) {
        return;
    }
    const auto watched = [](const GcloudLab& lab) {
        const TempDir home;
        return run_on(lab, home, {"watch", GcloudLab::service, "--every", "5s", "--for", "10s", "-o", "json"}).run();
    };
    const Ran good = watched(*well);
    INFO(good.describe());
    CHECK(good.ending == exited(0));
    const auto leaking = GcloudLab::start("leak", 2);
    const Ran bad = watched(*leaking);
    INFO(bad.describe());
    CHECK(bad.ending == exited(6));
}
