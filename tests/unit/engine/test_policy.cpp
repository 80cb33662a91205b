#include "engine/policy.h"

#include <catch2/catch.hpp>

using namespace memrb;
using engine::Authority;
using engine::consent_for;

namespace {

Target backend() {
    Target target;
    target.name = "backend";
    return target;
}

// The consent as a word, or the error with its exit class.
std::string told(Risk risk, const Authority& authority) {
    const auto consent = consent_for(risk, authority, backend());
    if (!consent) {
        return consent.error().message + (consent.error().hint.empty() ? "" : " | " + consent.error().hint);
    }
    switch (*consent) {
        case Consent::not_needed: return "not needed";
        case Consent::given: return "given";
        case Consent::ask: return "ask";
        case Consent::ask_for_name: return "ask for the name";
    }
    return "?";
}

}  // namespace

TEST_CASE("a person is asked for every change, and for the name where it cannot be undone") {
    const Authority person{.can_ask = true};
    CHECK(told(Risk::read, person) == "not needed");
    CHECK(told(Risk::reversible, person) == "ask");
    CHECK(told(Risk::disruptive, person) == "ask");
    CHECK(told(Risk::irreversible, person) == "ask for the name");
}

TEST_CASE("without a person only a flag agrees, and the message names it") {
    CHECK(told(Risk::read, {}) == "not needed");
    CHECK(told(Risk::reversible, {}) == "it is reversible, and nobody is there to agree to it | agree with --yes");
    CHECK(told(Risk::disruptive, {}) ==
          "it is disruptive, and nobody is there to agree to it | agree with --confirm=backend");
    CHECK(consent_for(Risk::disruptive, {}, backend()).error().fault == Fault::answer_needed);
}

TEST_CASE("the flag --yes agrees to what can be undone, --confirm to all for this one target") {
    const Authority yes{.yes = true};
    CHECK(told(Risk::reversible, yes) == "given");
    CHECK(told(Risk::disruptive, yes) ==
          "it is disruptive, and nobody is there to agree to it | agree with --confirm=backend");
    CHECK(told(Risk::disruptive, {.yes = true, .can_ask = true}) == "ask");
    CHECK(told(Risk::irreversible, {.confirmed = "backend"}) == "given");
    CHECK(told(Risk::disruptive, {.confirmed = "frontend"}) ==
          "--confirm names `frontend`, but the target is `backend`");
    CHECK(consent_for(Risk::disruptive, {.confirmed = "frontend", .can_ask = true}, backend()).error().fault ==
          Fault::usage);
}

TEST_CASE("what is forbidden is not asked for") {
    const Authority read_only{.read_only = true, .yes = true, .confirmed = "backend", .can_ask = true};
    CHECK(told(Risk::read, read_only) == "not needed");
    CHECK(told(Risk::reversible, read_only) ==
          "the config says `read_only: true`: nothing is changed | take it out of the config file to let memrb change "
          "things");
    const Authority capped{.most = Risk::reversible, .confirmed = "backend", .can_ask = true};
    CHECK(told(Risk::reversible, capped) == "given");
    CHECK(told(Risk::disruptive, capped) == "it is disruptive, and --max-risk allows reversible at most");
}

TEST_CASE("a message wants the word or the flag, and no config forbids to call for help") {
    Authority nobody;
    const auto refused = engine::consent_to_notify(nobody);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::answer_needed);
    CHECK(refused.error().hint.find("--yes") != std::string::npos);
    Authority person;
    person.can_ask = true;
    person.read_only = true;
    person.most = Risk::read;
    CHECK(engine::consent_to_notify(person) == Consent::ask);
    person.yes = true;
    CHECK(engine::consent_to_notify(person) == Consent::given);
}
