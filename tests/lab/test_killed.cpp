// kill -9 of memrb at random moments of a remedy: what the record then says of each change, against what the engine and
// the API server have seen of it; and that `memrb resume` makes each change once.
#include "support/docker_lab.h"
#include "support/interrupted.h"
#include "support/kube_lab.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr int moments = 25;  // on each platform
constexpr unsigned seed = 20261122;
constexpr int resumed = 9;  // of them gone on with, on each platform
constexpr std::chrono::seconds a_while(60);

/// With a fraction: what the docker client makes of `0s` is the beginning of this second.
std::string unix_time_now() {
    std::ostringstream stamp;
    stamp << std::fixed << std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    return stamp.str();
}

/// What the record of a killed run claims must be so.
void check_claims(const ThreeChanges& changes) {
    std::map<Says, int> said;
    kill_at_random_moments(changes, moments, seed, [&](const TempDir& home, int n, const std::string& told) {
        const auto record = what_is_on_record(home);
        const Counts made = changes.seen(n);
        for (std::size_t change = 0; change < record.size(); ++change) {
            CAPTURE(n, change, made, told);
            ++said[record.at(change)];
            switch (record.at(change)) {
                case Says::done: CHECK(made.at(change) == 1); break;
                case Says::not_done: CHECK(made.at(change) == 0); break;
                case Says::unknown: CHECK(made.at(change) <= 1); break;
            }
        }
    });
    // Else the moments would be no test.
    CHECK(said[Says::done] > 0);
    CHECK(said[Says::not_done] > 0);
    CHECK(said[Says::unknown] > 0);
}

/// A container, and three changes to it that the engine tells as events.
class OnContainer {
public:
    explicit OnContainer(const DockerLab& lab)
        : lab_(lab),
          container_(lab.run({.command = {"working-set=20m", "say=ready"}, .memory = "64m"})),
          file_(folder_.write(
              "three.yaml",
              three_changes({"docker: 'update --memory 8${r}m --memory-swap 9${n}m ${container}'",
                             "docker: 'restart -t 0 ${container}'", "docker: 'kill --signal WINCH ${container}'"}))) {
        container_.wait_for_log("ready");
    }

    [[nodiscard]] std::string consent() const { return "--confirm=" + container_.name(); }

    ThreeChanges changes() {
        return {[this](const TempDir& home, int n) {
                    since_ = unix_time_now();
                    return run_memrb({"resolve", container_.name(), "all", "--runbook", file_.string(), consent(),
                                      "--set", "n=" + std::to_string(10 + n), "--set", "r=" + std::to_string(n % 3)})
                        .env(lab_.env())
                        .home(home.path())
                        .timeout(a_while);
                },
                [this](int) { return seen(); }};
    }

private:
    Counts seen() {
        Counts counts{};
        std::istringstream events(lab_.docker_out({"events", "--since", since_, "--until", unix_time_now(), "--filter",
                                                   "container=" + container_.name(), "--format", "{{json .}}"}));
        for (std::string line; std::getline(events, line);) {
            const auto event = json::parse(line);
            const std::string what = event.at("Action");
            counts[0] += what == "update" ? 1U : 0U;
            counts[1] += what == "restart" ? 1U : 0U;
            counts[2] += what == "kill" && event.at("Actor").at("Attributes").value("signal", "") == "28" ? 1U : 0U;
        }
        return counts;
    }

    const DockerLab& lab_;
    TempDir folder_;
    Container container_;
    std::filesystem::path file_;
    std::string since_;
};

/// A Deployment, and three changes to it that the API server has seen.
class OnWorkload {
public:
    explicit OnWorkload(const KubeLab& lab)
        : lab_(lab),
          file_(folder_.write("three.yaml",
                              three_changes({"kubectl: 'scale ${kind}/${target} --replicas=${r}'",
                                             "kubectl: 'set resources ${kind}/${target} --limits=memory=3${n}Mi'",
                                             "kubectl: 'set image ${kind}/${target} app=shop/backend:${n}'"}))) {}

    ThreeChanges changes() {
        return {[this](const TempDir& home, int n) {
                    before_ = lab_.changes().size();
                    return run_memrb({"resolve", "backend", "all", "--runbook", file_.string(), "--platform",
                                      "kubernetes", "--confirm=backend", "--set", "n=" + std::to_string(10 + n),
                                      "--set", "r=" + std::to_string(3 + n % 3)})
                        .env(lab_.env())
                        .home(home.path())
                        .timeout(a_while);
                },
                [this](int) { return seen(); }};
    }

private:
    Counts seen() {
        Counts counts{};
        const auto changes = lab_.changes();
        for (std::size_t i = before_; i < changes.size(); ++i) {
            const bool scale = changes[i].at("path").get<std::string>().ends_with("/scale");
            const bool limits = changes[i].dump().find("limits") != std::string::npos;
            ++counts.at(scale ? 0 : limits ? 1 : 2);
        }
        return counts;
    }

    const KubeLab& lab_;
    TempDir folder_;
    std::filesystem::path file_;
    std::size_t before_ = 0;
};

Run resume(const std::string& consent, const std::vector<std::string>& flags) {
    std::vector<std::string> words{"resume", consent};
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(std::move(words)).timeout(a_while);
}

}  // namespace

TEST_CASE("memrb killed amid three changes to a container claims nothing that the engine did not do") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    OnContainer container(*lab);
    check_claims(container.changes());
}

TEST_CASE("memrb killed amid three changes to a Deployment claims nothing that the API server did not see") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    OnWorkload workload(*lab);
    check_claims(workload.changes());
}

TEST_CASE("memrb resume goes on with three changes to a container, each made once, or asks") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    OnContainer container(*lab);
    const auto changes = container.changes();
    kill_at_random_moments(changes, resumed, seed, [&](const TempDir& home, int n, const std::string& told) {
        CAPTURE(n, told);
        (void)resume_to_the_end(changes, home, n, [&](const std::vector<std::string>& flags) {
            return resume(container.consent(), flags).env(lab->env()).home(home.path());
        });
    });
}

TEST_CASE("memrb resume goes on with three changes to a Deployment, each made once, or asks") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    OnWorkload workload(*lab);
    const auto changes = workload.changes();
    kill_at_random_moments(changes, resumed, seed, [&](const TempDir& home, int n, const std::string& told) {
        CAPTURE(n, told);
        (void)resume_to_the_end(changes, home, n, [&](const std::vector<std::string>& flags) {
            return resume("--confirm=backend", flags).env(lab->env()).home(home.path());
        });
    });
}
