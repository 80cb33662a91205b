#include "ui/menu.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

namespace {

const MenuWords words{{"restart", "raise-limit", "collect-garbage"},
                      {"leak", "unbounded-cache"},
                      {"usage.stats", "usage.working_set", "oom.events", "fleet.stats"}};

MenuCommand parsed(std::string_view line) {
    return parse_menu(line, words);
}

std::string refused(std::string_view line) {
    const auto command = parsed(line);
    const auto* answer = std::get_if<NotUnderstood>(&command);
    return answer == nullptr ? "understood" : answer->message;
}

}  // namespace

TEST_CASE("each answer of the menu has a letter and a word") {
    CHECK(parsed("1") == MenuCommand(ChooseOption{0}));
    CHECK(parsed(" 3 \t") == MenuCommand(ChooseOption{2}));
    CHECK(parsed("raise-limit") == MenuCommand(ChooseOption{1}));
    CHECK(parsed("Restart") == MenuCommand(ChooseOption{0}));
    CHECK(parsed("?") == MenuCommand(ShowWhy{}));
    CHECK(parsed("why") == MenuCommand(ShowWhy{}));
    CHECK(parsed("? 2") == MenuCommand(ShowWhy{1}));
    CHECK(parsed("? why") == MenuCommand(ShowWhy{}));
    CHECK(parsed("?2") == MenuCommand(ShowWhy{1}));
    CHECK(parsed("why leak") == MenuCommand(ShowWhy{0}));
    CHECK(parsed("s") == MenuCommand(ShowSteps{}));
    CHECK(parsed("STEPS") == MenuCommand(ShowSteps{}));
    CHECK(parsed("out oom.events") == MenuCommand(ShowOutput{2}));
    CHECK(parsed("o working_set") == MenuCommand(ShowOutput{1}));
    CHECK(parsed("out 4") == MenuCommand(ShowOutput{3}));
    CHECK(parsed("# saw a spike at 08:40") == MenuCommand(TakeNote{"saw a spike at 08:40"}));
    CHECK(parsed("#x") == MenuCommand(TakeNote{"x"}));
    CHECK(parsed("note Called Ann") == MenuCommand(TakeNote{"Called Ann"}));
    CHECK(parsed("a") == MenuCommand(DiagnoseAgain{}));
    CHECK(parsed("again") == MenuCommand(DiagnoseAgain{}));
    CHECK(parsed("w") == MenuCommand(WatchRecovery{}));
    CHECK(parsed("Watch") == MenuCommand(WatchRecovery{}));
    CHECK(parsed("x") == MenuCommand(HandOver{}));
    CHECK(parsed("x backend_lead ") == MenuCommand(HandOver{"backend_lead"}));
    CHECK(parsed("escalate on_call") == MenuCommand(HandOver{"on_call"}));
    CHECK(parsed("h") == MenuCommand(ShowHelp{}));
    CHECK(parsed("help") == MenuCommand(ShowHelp{}));
    CHECK(parsed("q") == MenuCommand(Quit{}));
    CHECK(parsed("quit") == MenuCommand(Quit{}));
    CHECK(parsed("exit") == MenuCommand(Quit{}));
}

TEST_CASE("Enter alone means nothing") {
    CHECK(parsed("") == MenuCommand(Nothing{}));
    CHECK(parsed(" \t ") == MenuCommand(Nothing{}));
}

TEST_CASE("what is not understood says what is possible") {
    CHECK(refused("restrat") == "`restrat` is no answer here: did you mean `restart`?");
    CHECK(refused("agian") == "`agian` is no answer here: did you mean `again`?");
    CHECK(refused("zzzzzzzz") ==
          "`zzzzzzzz` is no answer here. Possible: 1-3 or an option's name, ? why, s steps, o out STEP, # note, a "
          "again, w watch, x escalate, h help, q quit");
    CHECK(refused("y") != "understood");
    CHECK(refused("yes") != "understood");
    CHECK(refused("0") == "there is no option `0`: there are 1-3 (restart, raise-limit, collect-garbage)");
    CHECK(refused("4") == "there is no option `4`: there are 1-3 (restart, raise-limit, collect-garbage)");
    CHECK(refused("99999999999999999999999") != "understood");
    CHECK(refused("-1") != "understood");
    CHECK(refused("? 3") == "there is no cause `3`: there are 1-2 (leak, unbounded-cache)");
    CHECK(refused("? laek") == "there is no cause `laek`: did you mean `leak`?");
    CHECK(refused("out") == "which step? `out STEP`, one of: usage.stats, usage.working_set, oom.events, fleet.stats");
    CHECK(refused("out stats") == "`stats` could be usage.stats or fleet.stats");
    CHECK(refused("out oom.event") == "there is no step `oom.event`: did you mean `oom.events`?");
    CHECK(refused("#") == "a note needs words: `# what you saw or did`");
    CHECK(refused("1 2").starts_with("`1 2` is no answer here"));
    CHECK(refused("restart now").starts_with("`restart now` is no answer here"));
    CHECK(refused("q now").starts_with("`q now` is no answer here"));
}

TEST_CASE("what is typed is not repeated raw") {
    CHECK(refused("\x1b[2J\x07").starts_with("`\\x1b[2J\\x07` is no answer here"));
    CHECK(refused("out \x1b[2J").starts_with("there is no step `\\x1b[2J`"));
}

TEST_CASE("a menu without options, causes or steps offers none") {
    const MenuWords none;
    CHECK(std::get<NotUnderstood>(parse_menu("1", none)).message == "there is no option here");
    CHECK(std::get<NotUnderstood>(parse_menu("? 1", none)).message == "there is no cause here");
    CHECK(menu_prompt(none, usual()) == "Choose [w watch, # note, x escalate, ? why, s steps, h help, q quit]: ");
}

TEST_CASE("the prompt fits the terminal, and help explains every key") {
    CHECK(menu_prompt(words, usual()) == "Choose [1-3, w watch, # note, x escalate, ? why, s steps, h help, q quit]: ");
    CHECK(menu_prompt(words, narrow()) == "Choose [1-3, x escalate, h help, q quit]: ");
    CHECK(menu_prompt({{"restart"}, {}, {}}, narrow()) == "Choose [1, x escalate, h help, q quit]: ");
    check_golden("menu-help-80", menu_help(words, usual()));
    check_golden("menu-help-50", menu_help(words, narrow()));
    check_width(menu_help(words, narrow()), 50);
}
