#include "wire/target_json.h"

#include "samples.h"
#include "wire/document.h"

#include <catch2/catch.hpp>

using namespace memrb;
using wire::Json;

TEST_CASE("a target with every member set comes back the same", "[wire]") {
    const Target target = samples::full_target();
    const Json json = wire::to_json(target);
    CHECK(
        wire::dump(json) ==
        R"({"name":"backend","platform":"kubernetes","id":"3f9c1d0a7be4","started_at":"2026-11-22T11:02:20Z",)"
        R"("image":"shop/backend:1.4","running":false,"pid":4711,"limit_bytes":536870912,"limit_kind":"bytes",)"
        R"("compose":{"project":"shop","service":"backend","working_dir":"/srv/shop",)"
        R"("files":["compose.yml","compose.override.yml"]},)"
        R"("kubernetes":{"context":"prod","namespace":"shop","kind":"deployment","selector":"app=backend",)"
        R"("container":"app","resource_version":"4711","generation":3},"cloud_run":{"project":"aiprod",)"
        R"("region":"europe-west1","service":"api","latest_ready":"api-00004","generation":7,"cpu":0.5},"labels":{"app":"backend","tier":"web"},)"
        R"("vars":{"health_url":"http://localhost:8000/health"},"found_by":"compose service"})");
    const auto back = wire::target_from_json(json);
    REQUIRE(back);
    CHECK(back->name == target.name);
    CHECK(back->platform == target.platform);
    CHECK(back->id == target.id);
    CHECK(back->started_at == target.started_at);
    CHECK(back->image == target.image);
    CHECK(back->running == target.running);
    CHECK(back->pid == target.pid);
    CHECK(back->limit == target.limit);
    REQUIRE(back->compose);
    CHECK(back->compose->project == "shop");
    CHECK(back->compose->service == "backend");
    CHECK(back->compose->working_dir == "/srv/shop");
    CHECK(back->compose->files == target.compose->files);
    REQUIRE(back->kube);
    CHECK(back->kube->context == "prod");
    CHECK(back->kube->name_space == "shop");
    CHECK(back->kube->kind == "deployment");
    CHECK(back->kube->selector == "app=backend");
    CHECK(back->kube->container == "app");
    CHECK(back->kube->resource_version == "4711");
    CHECK(back->kube->generation == 3);
    REQUIRE(back->cloud_run);
    CHECK(back->cloud_run->project == "aiprod");
    CHECK(back->cloud_run->region == "europe-west1");
    CHECK(back->cloud_run->service == "api");
    CHECK(back->cloud_run->latest_ready == "api-00004");
    CHECK(back->cloud_run->generation == 7);
    CHECK(back->cloud_run->cpu == 0.5);
    CHECK(back->labels == target.labels);
    CHECK(back->vars == target.vars);
    CHECK(back->found_by == target.found_by);
}

TEST_CASE("what is not known of a target is null", "[wire]") {
    Target target;
    target.name = "api";
    const Json json = wire::to_json(target);
    for (const auto* key : {"id", "started_at", "image", "pid", "limit_bytes", "compose", "kubernetes", "cloud_run"}) {
        INFO(key);
        CHECK(json.at(key).is_null());
    }
    CHECK(json.at("limit_kind") == "unknown");
    const auto back = wire::target_from_json(json);
    REQUIRE(back);
    CHECK(back->id.empty());
    CHECK_FALSE(back->started_at);
    CHECK(back->pid == 0);
    CHECK(std::holds_alternative<LimitUnknown>(back->limit));
    CHECK_FALSE(back->compose);
    CHECK_FALSE(back->kube);
}

TEST_CASE("no limit, an unknown limit and a limit stay apart", "[wire]") {
    Target target;
    target.name = "api";
    for (const Limit& limit : {Limit(NoLimit{}), Limit(LimitUnknown{}), Limit(Bytes{1}), Limit(~Bytes{0})}) {
        target.limit = limit;
        const auto back = wire::target_from_json(wire::to_json(target));
        REQUIRE(back);
        CHECK(back->limit == limit);
    }
    CHECK(wire::to_json(Limit(NoLimit{})).is_null());
    CHECK(wire::limit_kind(NoLimit{}) == "none");

    Json zero = wire::to_json(target);
    zero["limit_kind"] = "bytes";
    zero["limit_bytes"] = 0;
    CHECK(wire::target_from_json(zero).error().message == "`target.limit_bytes` must not be 0: that is no limit");
    zero["limit_kind"] = "some";
    CHECK(wire::target_from_json(zero).error().message == "`target.limit_kind` must be bytes, none or unknown");
}

TEST_CASE("a broken target is told by the member's name", "[wire]") {
    const Json good = wire::to_json(samples::full_target());
    const auto message = [&](const std::string& key, const Json& value) {
        Json bad = good;
        bad[key] = value;
        const auto back = wire::target_from_json(bad);
        return back ? std::string("accepted") : back.error().message;
    };
    CHECK(message("name", nullptr) == "`target.name` is missing");
    CHECK(message("name", 7) == "`target.name` must be a string, not a number");
    CHECK(message("platform", "dokcer") == "`target.platform` has the unknown word `dokcer`");
    CHECK(message("started_at", "yesterday") == "`target.started_at` must be an RFC 3339 time, not `yesterday`");
    CHECK(message("running", 1) == "`target.running` must be true or false, not a number");
    CHECK(message("pid", -1) == "`target.pid` is out of range");
    CHECK(message("pid", 4'294'967'297) == "`target.pid` is out of range");
    CHECK(message("pid", 1.5) == "`target.pid` must be a whole number, not a number");
    CHECK(message("compose", 3) == "`target.compose` must be an object, not a number");
    CHECK(message("compose", Json::object()) == "`target.compose.project` is missing");
    CHECK(message("labels", {{"a", 1}}) == "`target.labels.a` must be a string, not a number");
    CHECK(message("labels", Json::array()) == "`target.labels` must be an object, not an array");
    CHECK(wire::target_from_json(Json("x")).error().message == "`target` must be an object, not a string");
    CHECK(wire::target_from_json(Json()).error().message == "`target` must be an object, not null");
}

TEST_CASE("hostile text in an error is shown harmless and short", "[wire]") {
    Json bad = wire::to_json(samples::full_target());
    bad["platform"] = "\x1b[2J" + std::string(10'000, 'x');
    const auto back = wire::target_from_json(bad);
    REQUIRE_FALSE(back);
    CHECK(back.error().message.size() < 120);
    CHECK(back.error().message.find('\x1b') == std::string::npos);
    CHECK(back.error().message.find("\\x1b[2Jxxx") != std::string::npos);
}

TEST_CASE("bytes that are no UTF-8 can be written", "[wire]") {
    Target target = samples::full_target();
    target.name =
        "a\xff"
        "b";
    target.labels = {{"k\xc0", "v\xfe"}};
    const Json json = wire::to_json(target);
    CHECK(json.at("name") ==
          "a\xEF\xBF\xBD"
          "b");
    CHECK_NOTHROW(json.dump());
    CHECK(wire::target_from_json(json)->labels.at("k\xEF\xBF\xBD") == "v\xEF\xBF\xBD");
}
