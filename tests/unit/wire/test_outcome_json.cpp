#include "wire/outcome_json.h"

#include "samples.h"
#include "wire/document.h"

#include <catch2/catch.hpp>

using namespace memrb;
using wire::Json;

namespace {

Outcome round_trip(const Outcome& outcome) {
    const auto json = wire::parse_json(wire::dump(wire::to_json(outcome)));
    REQUIRE(json);
    auto back = wire::outcome_from_json(*json);
    if (!back) {
        FAIL(back.error().message);
    }
    return *back;
}

Outcome with_out(Output output) {
    Outcome outcome;
    outcome.ending = Exited{0};
    outcome.out = std::move(output);
    return outcome;
}

}  // namespace

TEST_CASE("every ending comes back the same", "[wire]") {
    for (const auto& ending : samples::all_endings()) {
        const Json json = wire::to_json(ending);
        INFO(json.dump());
        REQUIRE(json.is_object());
        const auto back = wire::ending_from_json(json);
        REQUIRE(back);
        CHECK(*back == ending);
    }
    CHECK(wire::dump(wire::to_json(Ending(Exited{137}))) == R"({"kind":"exited","code":137})");
    CHECK(wire::dump(wire::to_json(Ending(Signalled{9}))) == R"({"kind":"signalled","signal":9})");
    CHECK(wire::dump(wire::to_json(Ending(Previewed{}))) == R"({"kind":"previewed"})");
}

TEST_CASE("an outcome with every member set comes back the same", "[wire]") {
    const Outcome outcome = samples::full_outcome();
    CHECK(
        wire::dump(wire::to_json(outcome)) ==
        R"({"ending":{"kind":"exited","code":3},"out":{"bytes":268,"file":"outputs/usage.stats.out","file_bytes":268,)"
        R"("note":"kept"},)"
        R"("err":{"bytes":19,"text":"warning: \"rounded\"\n"},"started":"2026-11-22T11:03:21Z","elapsed_ms":112,)"
        R"("source":2,"headers":[["content-type","application/json"]]})");
    const Outcome back = round_trip(outcome);
    CHECK(back.ending == outcome.ending);
    CHECK(back.out.file == outcome.out.file);
    CHECK(back.out.note == "kept");
    CHECK(back.out.total == 268);
    CHECK(back.out.in_file == 268);
    CHECK(back.out.head.empty());
    CHECK(back.err.text() == outcome.err.text());
    CHECK(back.err.total == 19);
    CHECK(back.source == 2);
    CHECK(back.headers == outcome.headers);
    CHECK(back.started == outcome.started);
    CHECK(back.elapsed == outcome.elapsed);
}

TEST_CASE("an output without a file carries its bytes, whatever they are", "[wire]") {
    std::string all_bytes;
    for (int i = 0; i < 256; ++i) {
        all_bytes += static_cast<char>(i);
    }
    for (const std::string& bytes : {std::string("plain\n"), std::string("caf\xC3\xA9"), std::string("cut \xC3"),
                                     std::string("\0\0\0", 3), std::string(100, '\x1b'), all_bytes, std::string()}) {
        const Outcome back = round_trip(with_out(samples::in_memory(bytes)));
        CHECK(back.out.text() == bytes);
        CHECK(back.out.total == bytes.size());
    }
    CHECK(wire::to_json(with_out(samples::in_memory("cut \xC3"))).at("out").dump() ==
          R"({"bytes":5,"text_base64":"Y3V0IMM="})");
}

TEST_CASE("head and tail that together are the whole output come back as the whole", "[wire]") {
    Output output;
    output.head = "caf\xC3";
    output.tail = "\xA9\n";
    output.total = 6;
    const Json json = wire::to_json(with_out(output));
    CHECK(json.at("out").dump() == "{\"bytes\":6,\"text\":\"caf\xC3\xA9\\n\"}");
    CHECK(round_trip(with_out(output)).out.text() == "caf\xC3\xA9\n");
}

TEST_CASE("a truncated output keeps both ends and says what is missing", "[wire]") {
    Output output;
    output.head = "first";
    output.tail = "last";
    output.total = 1'000'009;
    output.dropped = 1'000'000;
    const Outcome back = round_trip(with_out(output));
    CHECK(back.out.head == "first");
    CHECK(back.out.tail == "last");
    CHECK(back.out.dropped == 1'000'000);
    CHECK(back.out.text() == "first\n[1000000 more bytes]\nlast");
}

TEST_CASE("the end of an output is kept when its file stops before it", "[wire]") {
    Output output;
    output.head = "first";
    output.tail = "last";
    output.total = 300;
    output.dropped = 291;
    output.file = "outputs/logs.out";
    output.in_file = 100;
    const Outcome back = round_trip(with_out(output));
    CHECK(back.out.head.empty());  // that is in the file
    CHECK(back.out.tail == "last");
    CHECK(back.out.in_file == 100);
    CHECK(back.out.dropped == 291);
    output.in_file = 3;  // the disk was full
    CHECK(round_trip(with_out(output)).out.head == "first");
    output.in_file = 300;
    CHECK_FALSE(wire::to_json(with_out(output)).at("out").contains("tail"));
}

TEST_CASE("a megabyte of control bytes stays within what a journal line may hold", "[wire]") {
    Outcome outcome = with_out(samples::in_memory(std::string(std::size_t{1} << 20U, '\x01')));
    outcome.err = samples::in_memory(std::string(std::size_t{1} << 20U, '\xff'));
    CHECK(wire::dump(wire::to_json(outcome)).size() < std::size_t{3} << 20U);
    CHECK(round_trip(outcome).out.text() == outcome.out.head);
}

TEST_CASE("a broken outcome is told by the member's name", "[wire]") {
    const Json good = wire::to_json(samples::full_outcome());
    const auto message = [&](const std::string& pointer, const Json& value) {
        Json bad = good;
        bad[Json::json_pointer(pointer)] = value;
        const auto back = wire::outcome_from_json(bad);
        return back ? std::string("accepted") : back.error().message;
    };
    CHECK(message("/ending", nullptr) == "`outcome.ending` is missing");
    CHECK(message("/ending", "exited") == "`outcome.ending` must be an object, not a string");
    CHECK(message("/ending/kind", "exploded").starts_with("`outcome.ending.kind` must be exited, signalled,"));
    CHECK(message("/ending/code", nullptr) == "`outcome.ending.code` is missing");
    CHECK(message("/ending/code", 3'000'000'000) == "`outcome.ending.code` is out of range");
    CHECK(message("/ending/code", std::int64_t{-3'000'000'000}) == "`outcome.ending.code` is out of range");
    CHECK(message("/ending", {{"kind", "signalled"}, {"signal", 0}}) == "`outcome.ending.signal` is out of range");
    CHECK(message("/out/bytes", -1) == "`outcome.out.bytes` must be a whole number, 0 or more");
    CHECK(message("/out/file_bytes", nullptr) == "`outcome.out.file_bytes` is missing");
    CHECK(message("/out/dropped", 269) == "`outcome.out.dropped` must not be more than `bytes`");
    CHECK(message("/out/file_bytes", 269) == "`outcome.out.file_bytes` must not be more than `bytes`");
    CHECK(message("/headers", {{"a", "b"}}) == "`outcome.headers` must be an array, not an object");
    CHECK(message("/err/bytes", 20) == "`outcome.err.text` does not have the length that `bytes` says");
    CHECK(message("/err/text_base64", "*") == "`outcome.err.text_base64` is no base64");
    CHECK(message("/started", nullptr) == "`outcome.started` is missing");
    CHECK(message("/elapsed_ms", 1'000'000'000'000'000) == "`outcome.elapsed_ms` is out of range");
    CHECK(message("/source", "x") == "`outcome.source` must be a whole number, 0 or more, not a string");
}
