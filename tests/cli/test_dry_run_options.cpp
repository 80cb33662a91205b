// `--dry-run` beyond the diagnosis: options, watch, resume, the whole runbook. The tools are stand-ins that write down
// what they are asked: a dry run asks nothing, and what it shows is what a real run then asks.
#include "fake_docker.h"
#include "support/records.h"
#include "support/shown.h"
#include "support/traced.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

using namespace memrb::test;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds a_while(90);

/// A FakeDocker whose programs answer all that the shipped runbook asks and write down each call, word by word; its
/// container belongs to a Compose project or to none.
class LoggedDocker {
public:
    explicit LoggedDocker(bool compose) : log_(folder_ / "asked") {
        fs::rename(docker_.bin() / "docker", docker_.bin() / "docker-recorded");
        const std::string note =
            "line=\"${0##*/}$(printf '\\037%s' \"$@\")\"\nprintf '%s\\n' \"$line\" >>'" + log_.string() + "'\n";
        docker_.tool(
            "docker",
            "#!/bin/sh\n" + note +
                "case \"$*\" in\n"
                "  compose*|logs*|restart*|update*) exit 0 ;;\n"
                "  top*) echo '1 /bin/mem' ;;\n"
                "  info*) echo 8589934592 ;;\n"
                "  *'{{json .State}}') echo '{\"Status\":\"running\",\"Running\":true,\"OOMKilled\":false}' ;;\n"
                "  *'{{.Config.Image}}') echo mem:1 ;;\n"
                "  *) exec docker-recorded \"$@\" ;;\nesac\n");
        docker_.tool("docker-compose", "#!/bin/sh\n" + note);
        docker_.tool("dmesg", "#!/bin/sh\n" + note + "echo '2026-11-21T21:00:00,000000+00:00 Linux version 6.1.0'\n");
        web_.always("*", json_answer(recorded("prometheus/empty.json")));
        if (compose) {
            folder_.write("shop/compose.yml", "services:\n  web:\n    image: mem\n    mem_limit: 64m\n");
            belong_to_compose();
        }
    }

    /// `memrb WORDS...` on this host, with all variables that make steps possible.
    [[nodiscard]] Run memrb(std::vector<std::string> words) const {
        words.insert(words.end(), {"--set", "prometheus=" + web_.url(), "--set", "debug_url=" + web_.url() + "/debug",
                                   "--set", "health_url=" + web_.url() + "/health", "--set", "python=python3", "--set",
                                   "redis_service=redis"});
        return run_memrb(words)
            .env("DOCKER_HOST", "unix://" + docker_.socket().string())
            .path_first(docker_.bin())
            .timeout(a_while);
    }

    /// What was started since the last call, as words.
    [[nodiscard]] std::multiset<Words> take_started() {
        std::multiset<Words> all;
        std::istringstream in(fs::exists(log_) ? read_file(log_) : std::string());
        for (std::string line; std::getline(in, line);) {
            Words words;
            std::istringstream parts(line);
            for (std::string word; std::getline(parts, word, '\037');) {
                words.push_back(without_moments(word));
            }
            all.insert(words);
        }
        fs::remove(log_);
        return all;
    }
    [[nodiscard]] HttpServer& web() { return web_; }
    [[nodiscard]] FakeDocker& docker() { return docker_; }

private:
    void belong_to_compose() {
        auto container = json::parse(recorded("engine-api/container-limit.json"));
        container["State"]["Pid"] = 0;
        auto list = json::array();
        const json labels{{"com.docker.compose.project", "shop"},
                          {"com.docker.compose.service", "web"},
                          {"com.docker.compose.project.working_dir", (folder_ / "shop").string()},
                          {"com.docker.compose.project.config_files", "compose.yml"}};
        container["Config"]["Labels"] = labels;
        for (auto& one : json::parse(recorded("engine-api/containers-all.json"))) {
            if (one.at("Id") == docker_.container_id()) {
                one["Labels"] = labels;
                list.push_back(one);
            }
        }
        docker_.engine().always("GET /containers/json", json_answer(list.dump()));
        docker_.engine().always("GET /containers/" + docker_.container_id() + "/json", json_answer(container.dump()));
    }

    TempDir folder_;
    fs::path log_;
    FakeDocker docker_;
    HttpServer web_;
};

json preview_by(const LoggedDocker& host, std::vector<std::string> words) {
    words.insert(words.end(), {"--dry-run", "-o", "json"});
    const auto ran = host.memrb(std::move(words)).run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    CHECK(ran.err.empty());
    return json::parse(ran.out);
}

bool has(const json& list, const std::string& text) {
    return std::find(list.begin(), list.end(), json(text)) != list.end();
}

const json& step_of(const json& preview, const std::string& id) {
    for (const auto& section : preview.at("sections")) {
        for (const auto& step : section.at("steps")) {
            if (step.at("id") == id) {
                return step;
            }
        }
    }
    FAIL("no step " << id << " in " << preview.dump(1));
    throw std::runtime_error("not reached");
}

/// Runs the option for real, and compares: what was started and asked is what the dry run of the whole runbook shows.
void compare_with_real_run(LoggedDocker& host, const std::string& option, const json& preview,
                           const std::vector<std::string>& flags) {
    INFO(option);
    TempDir home;
    (void)host.take_started();
    const auto asked_before = host.web().requests().size();
    std::vector<std::string> words{"resolve", "backend", option, "--confirm=backend"};
    words.insert(words.end(), flags.begin(), flags.end());
    const auto live = host.memrb(words).home(home.path()).run();
    INFO(live.describe());
    CHECK((live.ending == exited(0) || live.ending == exited(6)));
    const auto folder = only_record(home.path());
    const auto done = record_of(folder);
    const auto shown = preview_of(preview, captures_of(folder), [&](const json& section) {
        return section.at("part") == "diagnosis" || section.at("part") == "evidence" ||
               (section.at("option") == option && section.at("part") != "undo");
    });
    std::multiset<Words> promised;
    for (const auto& [step, wanted] : done) {
        INFO(step);
        if (!shown.contains(step)) {
            FAIL_CHECK(step << " was done and not shown");
            continue;
        }
        CHECK(shown.at(step).commands == wanted.commands);
        CHECK(shown.at(step).requests == wanted.requests);
        promised.insert(shown.at(step).commands.begin(), shown.at(step).commands.end());
    }
    const bool evidence = done.contains("evidence.state");  // the whole runbook shows it, not each option needs it
    for (const auto& [step, one] : shown) {
        INFO(step << " was shown as certain");
        CHECK((one.status == "depends" || done.contains(step) || (step.starts_with("evidence.") && !evidence)));
    }
    const auto started = host.take_started();
    CHECK(started.size() >= 3);
    for (const auto& words_started : started) {
        std::string line;
        for (const auto& word : words_started) {
            line += word + " ";
        }
        INFO("started, not shown: " << line);
        CHECK(promised.contains(words_started));
    }
    const auto asked_now = host.web().requests();
    for (std::size_t i = asked_before; i < asked_now.size(); ++i) {
        const auto& asked = asked_now[i];
        const std::string line = without_moments(asked.method + " " + host.web().url() + asked.target);
        const bool known = std::any_of(shown.begin(), shown.end(), [&](const auto& one) {
            const auto& requests = one.second.requests;
            return std::find(requests.begin(), requests.end(), line) != requests.end();
        });
        INFO("asked, not shown: " << line);
        CHECK(known);
    }
}

void check_options(bool compose, const std::vector<std::string>& options, const std::vector<std::string>& flags) {
    LoggedDocker host(compose);
    std::vector<std::string> words{"diagnose", "backend", "--dry-run=all", "-o", "json"};
    words.insert(words.end(), flags.begin(), flags.end());
    const auto dry = host.memrb(words).run();
    INFO(dry.describe());
    REQUIRE(dry.ending == exited(0));
    const json preview = json::parse(dry.out);
    for (const auto& option : options) {
        compare_with_real_run(host, option, preview, flags);
    }
}

}  // namespace

TEST_CASE("the dry run of the whole runbook starts nothing and asks nothing, for a container and in Compose") {
    for (const bool compose : {false, true}) {
        LoggedDocker host(compose);
        TempDir home;
        const auto dry =
            traced(host.memrb({"diagnose", "backend", "--dry-run=all", "-o", "json"}).home(home.path()), a_while);
        if (!dry) {
            return;
        }
        INFO(dry->ran.describe());
        CHECK(dry->ran.ending == exited(0));
        CHECK(dry->started == std::vector<std::string>{});
        CHECK(host.take_started().empty());
        CHECK(host.web().requests().empty());
        CHECK(host.docker().engine().requests().size() == 2);  // the list, and the container
        for (const auto& connection : dry->connected) {
            CHECK(connection.find("sun_path=\"" + host.docker().socket().string() + "\"") != std::string::npos);
        }
        for (const auto& entry : fs::recursive_directory_iterator(home.path())) {
            INFO(entry.path());
            CHECK(entry.is_directory());  // nothing is written
        }

        const json preview = json::parse(dry->ran.out);
        CHECK(preview.at("schema") == "memrb/preview/v1");
        CHECK(preview.at("mode") == "dry-run");
        const auto book = run_memrb({"runbook", "show", "container-high-memory", "-o", "json"}).run();
        const json shown = json::parse(book.out);
        std::set<std::string> wanted;
        for (const auto& option : shown.at("options")) {
            wanted.insert(option.at("id").get<std::string>());
        }
        std::set<std::string> previewed;
        std::set<std::string> statuses;
        for (const auto& section : preview.at("sections")) {
            if (section.at("part") == "steps") {
                previewed.insert(section.at("option").get<std::string>());
            }
            for (const auto& step : section.at("steps")) {
                statuses.insert(step.at("status").get<std::string>());
                const bool waits = step.at("status") == "depends";
                INFO(step.dump(1));
                CHECK((!waits || !step.at("depends_on").empty()));
                CHECK((step.at("status") != "previewed" || step.at("requests").dump().find("${") == std::string::npos));
            }
        }
        CHECK(previewed == wanted);
        CHECK(statuses == std::set<std::string>{"depends", "not previewable", "previewed", "skipped"});
        CHECK(preview.at("watch").at("condition") == "unknown");
        CHECK(preview.at("ladder").size() == 4);
        CHECK(preview.at("ladder")[1].at("status") == "skipped");  // no channel is configured
    }
}

TEST_CASE("what a dry run shows of a restart and of a new limit is word for word what a real run starts and asks") {
    check_options(false, {"restart", "raise-limit"}, {"--set", "memory_limit=128m"});
}

TEST_CASE("so it is of what asks the application") {
    check_options(false, {"collect-garbage", "reduce-cache"}, {});
}

TEST_CASE("so it is in Compose") {
    check_options(true, {"restart", "scale-out"}, {});
}

TEST_CASE("the dry run of an option tells what depends on what, and draws no conclusion from what it does not know") {
    LoggedDocker host(false);
    const json preview = preview_by(host, {"resolve", "backend", "raise-limit"});
    const auto& update = step_of(preview, "raise-limit.update");
    CHECK(update.at("status") == "depends");  // nobody gave a limit: the diagnosis proposes one
    CHECK(has(update.at("depends_on"), "what is measured"));
    CHECK(update.at("requests").at(0) ==
          "$ docker update --memory '${memory_limit}' --memory-swap '${memory_limit}' " + host.docker().container_id());
    const auto& by_hand = step_of(preview, "raise-limit.elsewhere");
    CHECK(by_hand.at("status") == "not previewable");
    CHECK(by_hand.at("condition") == "unknown");
    CHECK(step_of(preview, "raise-limit.file").at("status") == "skipped");
    CHECK(step_of(preview, "raise-limit.file").at("condition") == "no");
    CHECK(step_of(preview, "raise-limit.host").at("condition") == "yes");
    const auto& undo = step_of(preview, "raise-limit.before");
    CHECK(undo.at("status") == "depends");
    CHECK(has(undo.at("depends_on"), "usage.inspect"));
    CHECK(undo.at("requests").at(0).get<std::string>().find("'${limit_bytes}'") != std::string::npos);
    CHECK(host.take_started().empty());

    const auto text = host.memrb({"resolve", "backend", "raise-limit", "--dry-run", "--plain"}).run();
    INFO(text.describe());
    CHECK(text.out.find("Undo of raise-limit") != std::string::npos);
    CHECK(text.out.find("step raise-limit.elsewhere: not previewable: for a person: Raise the limit") !=
          std::string::npos);
    CHECK(text.out.find("Nothing was run.") != std::string::npos);

    const auto wrong = host.memrb({"resolve", "backend", "raise", "--dry-run"}).run();
    CHECK(wrong.ending == exited(2));
    CHECK(wrong.err.find("raise-limit") != std::string::npos);
    const auto mode = host.memrb({"diagnose", "backend", "--dry-run=server"}).run();
    CHECK(mode.ending == exited(2));
    CHECK(mode.err.find("--dry-run=all") != std::string::npos);
}

TEST_CASE("the dry run of a watch shows its pace and its first look, and looks at nothing") {
    LoggedDocker host(false);
    const json preview = preview_by(host, {"watch", "backend", "--every", "10s", "--for", "1m"});
    CHECK(preview.at("watch").at("every_ms") == 10'000);
    CHECK(preview.at("watch").at("for_ms") == 60'000);
    CHECK(preview.at("watch").at("condition") == "unknown");
    REQUIRE(preview.at("sections").size() == 1);
    CHECK(preview.at("sections")[0].at("part") == "watch");
    CHECK(step_of(preview, "usage.now").at("status") == "previewed");
    CHECK(host.take_started().empty());
    CHECK(host.web().requests().empty());

    const auto text = host.memrb({"watch", "backend", "--dry-run", "--plain"}).run();
    INFO(text.describe());
    CHECK(text.ending == exited(0));
    CHECK(text.out.find("condition not known yet: (.memory.ratio | numbers < 0.80)") != std::string::npos);
    const auto wrong = host.memrb({"watch", "backend", "--dry-run", "--every", "1m", "--for", "10s"}).run();
    CHECK(wrong.ending == exited(2));
}
