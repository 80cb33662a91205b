#include "actions/command_line.h"

#include <catch2/catch.hpp>

#include <array>

using namespace memrb;
using namespace memrb::actions;

namespace {

using Words = std::vector<std::string>;

constexpr std::array<GlobalOption, 3> options{{{"--host", "-H", true, true}, {"--debug", "-D"}, {"--level", "", true}}};
constexpr std::array<VerbRisk, 2> verbs{{{"ps", Risk::read}, {"volume rm", Risk::irreversible}}};
constexpr std::array<VerbAlias, 1> aliases{{{"box ls", "ps"}}};
constexpr std::array<std::string_view, 2> groups{"volume", "box"};
constexpr Grammar tool{"tool", options, verbs, aliases, groups};

CommandLine parse(const Words& words) {
    return parse_command_line(words, tool);
}

}  // namespace

TEST_CASE("the command is found behind the options") {
    const auto line = parse({"-D", "--level", "high", "ps", "-a", "x"});
    CHECK(line.verb == "ps");
    CHECK(line.written == "ps");
    CHECK(line.rest == Words{"-a", "x"});
    CHECK(line.verb_end == 4);
    CHECK(line.redirecting.empty());
    CHECK(line.not_understood.empty());
    CHECK(risk_of(line, tool) == Risk::read);
    CHECK(parse({"--level=high", "ps"}).verb == "ps");
}

TEST_CASE("nested commands and their other spellings are known") {
    CHECK(parse({"volume", "rm", "x"}).verb == "volume rm");
    CHECK(parse({"volume", "rm", "x"}).rest == Words{"x"});
    CHECK(parse({"volume"}).verb == "volume");
    CHECK(parse({"box", "ls"}).verb == "ps");
    CHECK(parse({"box", "ls"}).written == "box ls");
}

TEST_CASE("what is not understood is no command") {
    CHECK(parse({}).verb.empty());
    CHECK(parse({"-D"}).verb.empty());
    CHECK(parse({"--level"}).verb.empty());
    CHECK(parse({"--what", "ps"}).verb.empty());
    CHECK(parse({"--what", "ps"}).not_understood == "--what");
    CHECK(parse({"-H", "x", "ps"}).redirecting == "-H");
    CHECK(parse({"--host=x", "ps"}).redirecting == "--host=x");
    CHECK(risk_of(parse({}), tool) == Risk::disruptive);
}

TEST_CASE("a switch is found alone and among others, until it is switched off") {
    const OptionName follow{"--follow", 'f', "n"};
    CHECK(has_switch(Words{"-f"}, follow));
    CHECK(has_switch(Words{"-tf"}, follow));
    CHECK(has_switch(Words{"x", "--follow"}, follow));
    CHECK(has_switch(Words{"--follow=true"}, follow));
    CHECK_FALSE(has_switch(Words{"--follow", "--follow=false"}, follow));
    CHECK_FALSE(has_switch(Words{"-nf"}, follow));
    CHECK_FALSE(has_switch(Words{"--", "-f"}, follow));
    CHECK_FALSE(has_switch(Words{"--follower", "-", "f"}, follow));
    CHECK_FALSE(has_switch(Words{"-f"}, {"--follow"}));
}

TEST_CASE("the last value of an option counts") {
    CHECK(option_value(Words{"--until", "0s"}, "--until") == "0s");
    CHECK(option_value(Words{"--until=1h", "--until", "0s"}, "--until") == "0s");
    CHECK(option_value(Words{"--until="}, "--until") == "");
    CHECK_FALSE(option_value(Words{"--until"}, "--until"));
    CHECK_FALSE(option_value(Words{"--untilx=1"}, "--until"));
    CHECK_FALSE(option_value(Words{"--", "--until=1"}, "--until"));
}

TEST_CASE("options end at the first argument") {
    constexpr std::array<std::string_view, 1> with_value{"-e"};
    CHECK(count_options(Words{"-T", "-e", "a=b", "box", "-x"}, with_value) == 3);
    CHECK(count_options(Words{"box", "-x"}, with_value) == 0);
    CHECK(count_options(Words{"-e"}, with_value) == 1);
    CHECK(count_options(Words{"--", "-x"}, with_value) == 1);
    CHECK(count_options(Words{"-"}, with_value) == 0);
    CHECK(count_options(Words{}, with_value) == 0);
}
