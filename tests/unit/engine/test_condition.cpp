#include "engine/condition.h"

#include "scripted_runner.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

using namespace memrb;
using engine::Programs;
using engine::step_output_json;
using engine::Truth;
using memrb::test::answered;
using memrb::test::ended;
using memrb::test::exited;

namespace {

// All conditions of a test are compiled at once, as a runbook's are.
class Conditions {
public:
    explicit Conditions(std::vector<std::string> programs) : texts_(programs), programs_(std::move(programs)) {}

    Truth test(std::size_t index, std::string_view input) const {
        return programs_.test({index, texts_.at(index), {}}, input);
    }
    Result<std::string> value(std::size_t index, std::string_view input) const {
        return programs_.evaluate({index, texts_.at(index), {}}, input);
    }

private:
    std::vector<std::string> texts_;
    Programs programs_;
};

constexpr std::string_view known = R"({"memory":{"ratio":0.97},"trend":{"verdict":"growing"},"n":3,"text":"b"})";
constexpr std::string_view nothing = R"({"memory":null,"trend":null})";

}  // namespace

TEST_CASE("a condition is yes, no or unknown") {
    const Conditions conditions(
        {".n == 3", ".n == 4", ".nothing", "error(\"no\")", "empty", "\"text\"", "0", ".n | . == 3 # a comment"});
    CHECK(conditions.test(0, known) == Truth::yes);
    CHECK(conditions.test(1, known) == Truth::no);
    CHECK(conditions.test(2, known) == Truth::unknown);
    CHECK(conditions.test(3, known) == Truth::unknown);
    CHECK(conditions.test(4, known) == Truth::unknown);
    CHECK(conditions.test(5, known) == Truth::yes);
    CHECK(conditions.test(6, known) == Truth::yes);
    CHECK(conditions.test(7, known) == Truth::yes);
    CHECK(conditions.test(0, "no JSON") == Truth::unknown);
}

TEST_CASE("what is not known is neither small nor large") {
    const Conditions conditions({".memory.ratio < 0.8", ".memory.ratio <= 0.8", "0.8 > .memory.ratio",
                                 "0.8 >= .memory.ratio", "(.memory.ratio < 0.8) | not",
                                 ".trend.verdict == \"growing\" and .memory.ratio > 0.9",
                                 ".trend.verdict != \"growing\" and .memory.ratio < 0.8", ".memory.ratio == null",
                                 "(.memory.ratio < 0.8)? // false"});
    for (std::size_t i = 0; i <= 4; ++i) {
        CHECK(conditions.test(i, nothing) == Truth::unknown);
    }
    CHECK(conditions.test(5, nothing) == Truth::no);  // the trend alone decides
    CHECK(conditions.test(6, nothing) == Truth::unknown);
    CHECK(conditions.test(7, nothing) == Truth::yes);
    CHECK(conditions.test(8, nothing) == Truth::no);
    CHECK(conditions.test(0, known) == Truth::no);
    CHECK(conditions.test(1, known) == Truth::no);
    CHECK(conditions.test(2, known) == Truth::no);
    CHECK(conditions.test(4, known) == Truth::yes);
    CHECK(conditions.test(5, known) == Truth::yes);
}

TEST_CASE("comparisons of what is known are jq's own") {
    const Conditions conditions({"[1 < 2, 2 < 1, 1 <= 1, 2 > 1, 1 > 2, 1 >= 1]", "[\"a\" < \"b\", [] > 5, {} > []]",
                                 "[(1,3) < (2,4)]", "[3,null,1] | sort", "[.[]?, .n] | max", "any(1, 5; . > 4)"});
    CHECK(conditions.value(0, known) == "[true,false,true,true,false,true]");
    CHECK(conditions.value(1, known) == "[true,true,true]");
    CHECK(conditions.value(2, known) == "[true,false,true,true]");
    CHECK(conditions.value(3, known) == "[null,1,3]");
    CHECK(conditions.test(5, known) == Truth::yes);
}

TEST_CASE("a value is jq's first, as JSON text, and null has its usual place") {
    const Conditions conditions({".n + 1", ".text", "1, 2", "empty", "{a: [.n]}", "null < 1", ".n | test(\"x\")"});
    CHECK(conditions.value(0, known) == "4");
    CHECK(conditions.value(1, known) == "\"b\"");
    CHECK(conditions.value(2, known) == "1");
    CHECK(conditions.value(3, known) == "null");
    CHECK(conditions.value(4, known) == R"({"a":[3]})");
    CHECK(conditions.value(5, known) == "true");
    const auto error = conditions.value(6, known);
    REQUIRE_FALSE(error.has_value());
    CHECK(error.error().message == "number (3) cannot be matched, as it is not a string");
}

TEST_CASE("programs that do not compile are an error at each use, not a crash") {
    const Conditions conditions({".n + 0 == 3", "nonsense(1)"});
    CHECK(conditions.test(0, known) == Truth::unknown);
    const auto value = conditions.value(0, known);
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().message == "jq: nonsense/1 is not defined");
}

TEST_CASE("programs are compiled once, whoever asks first") {
    const Programs programs({".n == 3"});
    const std::string input(known);
    programs.begin();
    programs.begin();
    std::vector<std::jthread> askers;
    std::atomic<int> right = 0;
    for (int i = 0; i < 4; ++i) {
        askers.emplace_back([&] { right += programs.evaluate({0, ".n == 3", {}}, input) == "true" ? 1 : 0; });
    }
    askers.clear();
    CHECK(right == 4);
}

TEST_CASE("a runbook without programs") {
    const Programs none({});
    CHECK(none.evaluate({0, "", {}}, "{}").error().message == "there is no jq program 0");
    CHECK(none.test({0, "", {}}, "{}") == Truth::unknown);
}

TEST_CASE("a command's JSON object or array is what jq sees") {
    CHECK(step_output_json(exited(0, R"({"a":1})")) == R"({"a":1})");
    CHECK(step_output_json(exited(0, " [1,2]\n")) == " [1,2]\n");
    CHECK(step_output_json(exited(3, R"({"a":1})", "warning")) == R"({"a":1})");
}

TEST_CASE("all else is text with its exit code or signal") {
    CHECK(step_output_json(exited(0, "hello\r\n\n", "oh\n")) ==
          R"({"stdout":"hello","stderr":"oh","exit":0,"signal":null})");
    CHECK(step_output_json(exited(0, "12345\n")) == R"({"stdout":"12345","stderr":"","exit":0,"signal":null})");
    CHECK(step_output_json(exited(0, "\"text\"")) == R"({"stdout":"\"text\"","stderr":"","exit":0,"signal":null})");
    CHECK(step_output_json(exited(1)) == R"({"stdout":"","stderr":"","exit":1,"signal":null})");
    CHECK(step_output_json(exited(0, "\n\n")) == R"({"stdout":"","stderr":"","exit":0,"signal":null})");
    CHECK(step_output_json(ended(Signalled{9})) == R"({"stdout":"","stderr":"","exit":null,"signal":9})");
    CHECK(step_output_json(ended(TimedOut{})) == R"({"stdout":"","stderr":"","exit":null,"signal":null})");
    // Several documents are lines, as `docker ps --format '{{json .}}'` prints them.
    CHECK(step_output_json(exited(0, "{\"a\":1}\n{\"a\":2}\n")) ==
          R"({"stdout":"{\"a\":1}\n{\"a\":2}","stderr":"","exit":0,"signal":null})");
    CHECK(step_output_json(exited(0, "{\"a\":1")) == R"({"stdout":"{\"a\":1","stderr":"","exit":0,"signal":null})");
}

TEST_CASE("bytes that are no UTF-8 become replacement characters") {
    CHECK(step_output_json(exited(0,
                                  "a\xff"
                                  "b")) ==
          "{\"stdout\":\"a\xEF\xBF\xBD"
          "b\",\"stderr\":\"\",\"exit\":0,\"signal\":null}");
    CHECK(step_output_json(exited(0, "{\"a\":\"\xff\"}")) ==
          "{\"stdout\":\"{\\\"a\\\":\\\"\xEF\xBF\xBD\\\"}\",\"stderr\":\"\",\"exit\":0,\"signal\":null}");
    CHECK(step_output_json(exited(0, std::string("a\0\x1b", 3))) ==
          R"({"stdout":"a\u0000\u001b","stderr":"","exit":0,"signal":null})");
}

TEST_CASE("truncated output is text, whatever is left of it") {
    Outcome outcome = exited(0, "[1,");
    outcome.out.tail = "2]";
    outcome.out.dropped = 10;
    outcome.out.total = 15;
    CHECK(step_output_json(outcome) == R"({"stdout":"[1,\n[10 more bytes]\n2]","stderr":"","exit":0,"signal":null})");
    outcome.ending = HttpStatus{200};
    CHECK(step_output_json(outcome) == R"({"status":200,"stdout":"[1,\n[10 more bytes]\n2]","json":null})");
}

TEST_CASE("nesting that jq cannot read is text") {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(step_output_json(exited(0, nested(200))) == nested(200));
    CHECK(step_output_json(exited(0, nested(201))).starts_with(R"({"stdout":"[[[)"));
    CHECK(step_output_json(exited(0, nested(1'000'000))).starts_with(R"({"stdout":"[[[)"));
    CHECK(step_output_json(answered(200, nested(201))).ends_with(R"(,"json":null})"));
}

TEST_CASE("an answer has its status, its text, and its JSON if it is some") {
    CHECK(step_output_json(answered(200, R"({"a":1})")) == R"({"status":200,"stdout":"{\"a\":1}","json":{"a":1}})");
    CHECK(step_output_json(answered(200, "7")) == R"({"status":200,"stdout":"7","json":7})");
    CHECK(step_output_json(answered(503, "<html>")) == R"({"status":503,"stdout":"<html>","json":null})");
    CHECK(step_output_json(answered(204)) == R"({"status":204,"stdout":"","json":null})");
}
