#include "engine/find_target.h"

#include "base/text.h"
#include "scripted_runner.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace memrb;
using engine::find_target;
using engine::FindOptions;
using memrb::test::ended;
using memrb::test::exited;
using Texts = std::vector<std::string>;

namespace {

// Asks one question, `find NAME`, and reads the answer line by line: `match NAME ID`, `stopped NAME ID`, `known NAME`,
// `host ID NAME`, `problem MESSAGE; HINT`.
Found read_answer(const Outcome& outcome, Platform platform) {
    Found found;
    for (const std::string_view line : base::lines(outcome.out.head)) {
        const auto words = base::split(line, ' ');
        const std::string rest(line.substr(std::min(line.size(), words[0].size() + 1)));
        if (words[0] == "match" || words[0] == "stopped") {
            Target target;
            target.name = words.at(1);
            target.id = words.at(2);
            target.platform = platform;
            target.running = words[0] == "match";
            target.found_by = std::string(to_string(platform)) + " test";
            found.matches.push_back(std::move(target));
        } else if (words[0] == "known") {
            found.known_names.push_back(rest);
        } else if (words[0] == "host") {
            found.host_containers.emplace_back(words.at(1), words.at(2));
        } else if (words[0] == "problem") {
            const auto parts = base::split(rest, ';');
            found.problems.push_back({Fault::failed, std::string(parts.at(0)), std::string(base::trim(parts.at(1)))});
        }
    }
    return found;
}

Found ask_docker(const FindContext& context, const Fetch& fetch) {
    return read_answer(fetch(test::command({"docker", "find", context.name})), Platform::docker);
}

Found ask_prometheus(const FindContext& context, const Fetch& fetch) {
    const auto url = context.vars.find("prometheus");
    return read_answer(fetch(test::command({url == context.vars.end() ? "unset" : url->second, "find", context.name})),
                       Platform::prometheus);
}

constexpr TargetFinder docker{Platform::docker, ask_docker};
constexpr TargetFinder prometheus{Platform::prometheus, ask_prometheus};
constexpr std::array<const TargetFinder*, 2> finders{&docker, &prometheus};

// One search; the answers are those of the finders, in the order in which they are asked.
class Search {
public:
    explicit Search(std::string name, Texts answers = {}) {
        options.name = std::move(name);
        for (auto& answer : answers) {
            runner.on("", exited(0, std::move(answer)));
        }
    }
    ~Search() {
        CHECK(runner.unexpected() == Texts{});
        CHECK(runner.unused() == Texts{});
    }
    Search(const Search&) = delete;
    Search& operator=(const Search&) = delete;
    Search(Search&&) = delete;
    Search& operator=(Search&&) = delete;

    Result<engine::FoundTarget> run() { return find_target(options, finders, tools, runner, stop); }
    Error error() {
        const auto found = run();
        REQUIRE_FALSE(found.has_value());
        return found.error();
    }
    // What was asked, each question as one text.
    Texts asked() const {
        Texts all;
        for (const auto& call : runner.calls()) {
            all.push_back(base::join(std::get<Command>(call.request).argv, " "));
        }
        return all;
    }

    FindOptions options;
    Tools tools;
    test::ScriptedRunner runner;
    test::ManualStop stop;
};

}  // namespace

TEST_CASE("the first finder that knows the name wins, and no other is asked") {
    Search search("backend", {"match backend 3f9c\nhost 3f9c backend\nhost 77aa redis\nknown redis"});
    const auto found = search.run();
    REQUIRE(found.has_value());
    CHECK(found->target.id == "3f9c");
    CHECK(found->target.found_by == "docker test");
    CHECK(found->host_containers ==
          std::vector<std::pair<std::string, std::string>>{{"3f9c", "backend"}, {"77aa", "redis"}});
    CHECK(found->warnings.empty());
    CHECK(search.asked() == Texts{"docker find backend"});
    const auto context = search.runner.calls()[0].context;
    CHECK(context.step.empty());
    CHECK(context.timeout == Milliseconds{5'000});
}

TEST_CASE("the next finder is asked when the first does not know it") {
    Search search("backend", {"known redis", "match backend -"});
    search.options.vars = {{"prometheus", "http://p:9090"}};
    const auto found = search.run();
    REQUIRE(found.has_value());
    CHECK(found->target.platform == Platform::prometheus);
    CHECK(search.asked() == Texts{"docker find backend", "http://p:9090 find backend"});
}

TEST_CASE("a source that could not be asked on the way is a warning") {
    Search search("backend", {"problem the Docker engine does not answer; start it", "match backend -"});
    const auto found = search.run();
    REQUIRE(found.has_value());
    CHECK(found->warnings == Texts{"the Docker engine does not answer"});
}

TEST_CASE("the flag --platform asks only there") {
    Search search("backend", {"match backend -"});
    search.options.platform = Platform::prometheus;
    REQUIRE(search.run().has_value());
    CHECK(search.asked() == Texts{"unset find backend"});

    Search none("backend");
    none.options.platform = Platform::cloud_run;
    CHECK(none.error().message == "this memrb cannot look for cloud-run targets yet");
    CHECK(none.error().fault == Fault::usage);
}

TEST_CASE("a target of the config: its platform, its real name, its settings") {
    Search search("api", {"match shop-api-1 -"});
    search.options.configured["api"] = {
        Platform::prometheus, "shop-api-1", {{"prometheus", "http://shop:9090"}, {"language", "go"}}};
    const auto found = search.run();
    REQUIRE(found.has_value());
    CHECK(found->target.name == "shop-api-1");
    CHECK(found->target.found_by == "config, prometheus test");
    CHECK(found->target.vars.at("language") == "go");
    CHECK(search.asked() == Texts{"http://shop:9090 find shop-api-1"});
}

TEST_CASE("what is typed beats the config: --platform and --set") {
    Search search("api", {"match shop-api-1 -"});
    search.options.configured["api"] = {Platform::docker, "shop-api-1", {{"prometheus", "http://shop:9090"}}};
    search.options.platform = Platform::prometheus;
    search.options.vars = {{"prometheus", "http://typed:9090"}};
    REQUIRE(search.run().has_value());
    CHECK(search.asked() == Texts{"http://typed:9090 find shop-api-1"});
}

TEST_CASE("a target of the config without a name is called as its key") {
    Search search("api", {"match api 1"});
    search.options.configured["api"] = {Platform::docker, "", {}};
    REQUIRE(search.run().has_value());
    CHECK(search.asked() == Texts{"docker find api"});
}

TEST_CASE("several matches are listed, never chosen from") {
    Search search("web", {"match shop-web-1 aaaaaaaaaaaabbbb\nstopped old\x1b[2J-web ccccccccccccdddd"});
    const Error error = search.error();
    CHECK(error.fault == Fault::usage);
    CHECK(error.message ==
          "`web` could be any of 2:\n"
          "  docker · shop-web-1 (aaaaaaaaaaaa), by docker test\n"
          "  docker · old\\x1b[2J-web (cccccccccccc), stopped, by docker test");
    CHECK(error.hint == "name one of them, or give the container's id");
}

TEST_CASE("nobody knows it: the nearest name, else what there is") {
    Search near("bakend", {"known backend\nknown redis", "known backend"});
    const Error error = near.error();
    CHECK(error.fault == Fault::failed);
    CHECK(error.message == "nothing is called `bakend` here: did you mean `backend`?");
    CHECK(error.hint.empty());

    CHECK(Search("zzz", {"known redis\nknown backend", "known backend\nknown pro\x1bxy"}).error().hint ==
          "known here: backend, pro\\x1bxy, redis");
    std::string many;
    for (char c = 'j'; c >= 'a'; --c) {
        many += std::string("known container-") + c + "\n";
    }
    CHECK(Search("zzz", {many, ""}).error().hint ==
          "known here: container-a, container-b, container-c, container-d, container-e, container-f, container-g, "
          "container-h, …");
    CHECK(Search("zzz", {"", ""}).error().hint == "there is nothing here at all: no container, no series");
}

TEST_CASE("a near name is made harmless before it is shown") {
    CHECK(Search("backend", {"known back\x1b"
                             "end",
                             ""})
              .error()
              .message.find('\x1b') == std::string::npos);
}

TEST_CASE("problems are told with the answer: no answer is not `no`") {
    Search search("backend", {"problem the Docker engine does not answer; start it", "known redis"});
    const Error error = search.error();
    CHECK(error.fault == Fault::failed);
    CHECK(error.message == "nothing is called `backend` here\n  the Docker engine does not answer");
    CHECK(error.hint == "known here: redis");

    Search empty("backend", {"problem the Docker engine does not answer; start it", ""});
    CHECK(empty.error().hint == "start it");
}

TEST_CASE("a target that is listed and cannot be read is not called unknown") {
    Search search("backend",
                  {"known backend\nproblem backend cannot be inspected: timed out; is the engine busy?", ""});
    const Error error = search.error();
    CHECK(error.fault == Fault::no_data);
    CHECK(error.message == "`backend` was found, but not read: backend cannot be inspected: timed out");
    CHECK(error.hint == "is the engine busy?");
}

TEST_CASE("no source answered: nothing could be learnt") {
    Search search("backend", {"problem the Docker engine does not answer; start it",
                              "problem no address of Prometheus; --set prometheus=URL"});
    const Error error = search.error();
    CHECK(error.fault == Fault::no_data);
    CHECK(error.message ==
          "cannot look for `backend`: no source answered\n"
          "  the Docker engine does not answer\n"
          "  no address of Prometheus");
    CHECK(error.hint == "start it");
}

TEST_CASE("names that are no names never reach a finder") {
    for (const std::string& name :
         Texts{"x; rm -rf /", "-x", "--help", "", "../x", "/etc/passwd", "a b", "a\nb", "$(id)", "a'b",
               std::string("a\0b", 3), std::string(254, 'a'), ".hidden", "käse"}) {
        Search search(name);
        const Error error = search.error();
        CHECK(error.fault == Fault::usage);
        CHECK(error.message.ends_with("` cannot be a target's name"));
        CHECK(search.runner.calls().empty());
    }
    CHECK(Search("a\nb").error().message == "`a\\nb` cannot be a target's name");
    CHECK(Search(std::string(253, 'a'), {"", ""}).error().fault == Fault::failed);
}

TEST_CASE("a name from the config is checked like a typed one") {
    Search search("api");
    search.options.configured["api"] = {Platform::docker, "-v/:/host", {}};
    CHECK(search.error().message == "`-v/:/host` cannot be a target's name");
    CHECK(search.runner.calls().empty());
}

TEST_CASE("Ctrl-C while looking") {
    Search before("backend");
    before.stop.pull();
    CHECK(before.error().fault == Fault::interrupted);
    CHECK(before.runner.calls().empty());

    Search during("backend");
    during.runner.on("", [&](const Request&, const RunContext&, const Stop&) {
        during.stop.pull();
        return ended(Interrupted{});
    });
    const Error error = during.error();
    CHECK(error.fault == Fault::interrupted);
    CHECK(error.message == "interrupted while looking for the target");
}
