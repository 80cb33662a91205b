#include "runbook/read_yaml.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::runbook;

namespace {

// What is reported, one line each: `2:3 message`.
std::string problems(std::string_view yaml) {
    const auto source = *Source::read(yaml, "a");
    Reporter report(source, "a");
    read_yaml(source, report);
    std::string all;
    for (const auto& diagnostic : report.take()) {
        all += (all.empty() ? "" : "\n") + std::to_string(diagnostic.mark.line) + ":" +
               std::to_string(diagnostic.mark.column) + " " + diagnostic.message;
    }
    return all;
}

std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) {
        text += open;
    }
    for (std::size_t i = 0; i < depth; ++i) {
        text += close;
    }
    return text;
}

const std::string too_deep = "lists and maps are nested more than 32 deep";

}  // namespace

TEST_CASE("a document becomes nodes with their places") {
    const auto source = *Source::read("a: 1\nb:\n  - 'two'\n  - {c: ~}\nd:\n", "a");
    Reporter report(source, "a");
    const Document document = read_yaml(source, report);
    CHECK_FALSE(report.failed());
    REQUIRE(document.root != nullptr);
    const auto& entries = document.root->entries;
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].key->text == "a");
    CHECK(entries[0].value->text == "1");
    CHECK(entries[0].value->begin == 3);
    CHECK_FALSE(entries[0].value->quoted);
    const Node& list = *entries[1].value;
    CHECK(list.kind == Node::Kind::list);
    CHECK(list.items[0]->text == "two");
    CHECK(list.items[0]->quoted);
    CHECK(list.items[1]->entries[0].value->kind == Node::Kind::null);
    CHECK(entries[2].value->kind == Node::Kind::null);
    CHECK(entries[2].value->begin == entries[2].key->begin);
}

TEST_CASE("nothing is no root, and no error here") {
    CHECK(problems("").empty());
    CHECK(problems("# comment\n").empty());
    CHECK(problems("---\n").empty());
}

TEST_CASE("an alias is the same node again") {
    const auto source = *Source::read("a: &x [1, 2]\nb: *x\n", "a");
    Reporter report(source, "a");
    const Document document = read_yaml(source, report);
    CHECK(document.root->entries[0].value == document.root->entries[1].value);
}

TEST_CASE("nesting is bounded in every notation") {
    CHECK(problems(nested(32, "[", "]")).empty());
    CHECK(problems(nested(33, "[", "]")) == "1:33 " + too_deep);
    CHECK(problems(nested(33, "{a: ", "}")).find(too_deep) != std::string::npos);
    CHECK(problems(nested(33, "- ", "")).find(too_deep) != std::string::npos);
    CHECK(problems(nested(33, "? ", "")).find(too_deep) != std::string::npos);
    std::string steps;
    for (std::size_t i = 0; i < 33; ++i) {
        steps += std::string(i, ' ') + "a:\n";
    }
    CHECK(problems(steps + std::string(33, ' ') + "b: 1\n") == "33:33 " + too_deep);
}

TEST_CASE("a megabyte of brackets does not overflow the stack") {
    CHECK(problems(std::string(1'000'000, '[')).find(too_deep) != std::string::npos);
    CHECK(problems(std::string(1'000'000, '{')).find(too_deep) != std::string::npos);
    CHECK(problems(nested(300'000, "- ", "")).find(too_deep) != std::string::npos);
}

TEST_CASE("aliases count with all that they stand for") {
    std::string laughs = "- &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n";
    for (int i = 1; i < 12; ++i) {
        laughs += "- &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j) {
            laughs += (j == 0 ? "*a" : ", *a") + std::to_string(i - 1);
        }
        laughs += "]\n";
    }
    CHECK(problems(laughs) == "5:43 more than 100000 values, aliases counted with all that they stand for");
    CHECK(problems("a: &x [1, *x]\n") == "1:11 an alias inside the value that it stands for");
}

TEST_CASE("a text may have 64 KiB and not a byte more") {
    CHECK(problems("a: " + std::string(max_scalar_bytes, 'x')).empty());
    CHECK(problems("a: " + std::string(max_scalar_bytes + 1, 'x')) ==
          "1:4 a text of 65537 bytes, more than the 65536 allowed");
}

TEST_CASE("more values than allowed are refused without aliases too") {
    std::string many = "[";
    for (std::size_t i = 0; i < max_nodes + 1; ++i) {
        many += "1,";
    }
    CHECK(problems(many + "1]").find("more than 100000 values") != std::string::npos);
}

TEST_CASE("a repeated key, a merge key and a key that is no text are told, and the rest is read") {
    CHECK(problems("a: 1\na: 2\na: 3\n") == "2:1 `a` is given twice\n3:1 `a` is given twice");
    CHECK(problems("x: &x {a: 1}\ny: {<<: *x}\n") == "2:5 merge keys (`<<`) are not supported");
    CHECK(problems("'<<': 1\n").empty());
    CHECK(problems("[a]: 1\n~: 2\n") == "1:1 a key must be text, not a list\n2:1 a key must be text, not nothing");
}

TEST_CASE("tags other than !!str are refused") {
    CHECK(problems("a: !!str 1\n").empty());
    CHECK(problems("a: !!int 1\nb: !x [c]\n") ==
          "1:4 the tag `tag:yaml.org,2002:int` is not supported\n2:4 the tag `!x` is not supported");
}

TEST_CASE("a second document is refused, whatever it holds") {
    CHECK(problems("a: 1\n---\nb: 2\n") == "2:1 a second document");
    CHECK(problems("a: 1\n...\n").empty());
}

TEST_CASE("a file of nothing but mistakes shows the first ones and says so") {
    std::string many;
    for (int i = 0; i < 2000; ++i) {
        many += "a: 1\n";
    }
    const std::string told = problems(many);
    CHECK(std::count(told.begin(), told.end(), '\n') == 500);
    CHECK(told.ends_with("501:1 `a` is given twice\n0:0 more than 500 problems: the rest is not shown"));
}
