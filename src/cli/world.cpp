#include "cli/world.h"

#include "cli/exit_codes.h"
#include "system/terminal.h"

#include "base/text.h"

#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>

namespace memrb::cli {

namespace {

ui::Style style_of(int fd, const CommonOptions& common, const system::Environment& environment) {
    using system::ColourChoice;
    const ColourChoice choice = common.colour == "always"  ? ColourChoice::always
                                : common.colour == "never" ? ColourChoice::never
                                                           : ColourChoice::automatic;
    ui::Style style;
    style.colour = system::use_colour(choice, fd, environment);
    style.utf8 = system::locale_is_utf8(environment);
    style.width = system::terminal_size(fd, environment).columns;
    style.plain = common.plain || environment.get("TERM") == "dumb";
    return style;
}

// Values that look like credentials by their names. Short ones are words like `true` and `dev`.
base::Secrets secrets_of_environment() {
    constexpr std::size_t shortest = 8;
    base::Secrets secrets;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || !base::names_secret(text.substr(0, equals))) {
            continue;
        }
        const std::string_view value = text.substr(equals + 1);
        if (value.size() >= shortest && value.front() != '/') {
            secrets.add(value);
        }
    }
    return secrets;
}

int without_mark(int columns, bool marked) {
    constexpr int least = 20;
    return marked ? std::max(columns - static_cast<int>(drill_mark.size()), least) : columns;
}

}  // namespace

World::World(const CommonOptions& common, std::vector<std::string> words)
    : common_(common),
      words_(std::move(words)),
      environment_(system::Environment::of_process()),
      secrets_(secrets_of_environment()),
      dirs_(system::find_dirs(environment_)),
      log_(environment_.get("MEMRB_LOG")),
      out_(STDOUT_FILENO, secrets_),
      err_(STDERR_FILENO, secrets_),
      out_style_(style_of(STDOUT_FILENO, common_, environment_)),
      err_style_(style_of(STDERR_FILENO, common_, environment_)) {}

ui::ScreenSize World::screen() const {
    const auto size = system::terminal_size(STDERR_FILENO, environment_);
    return {without_mark(size.columns, stage_ != nullptr), size.rows};
}

void World::play(const Stage& stage, std::filesystem::path incidents, bool text_to_err) {
    stage_ = &stage;
    dirs_.incidents = std::move(incidents);
    marked_err_ = std::make_unique<MarkingSink>(err_, std::string(drill_mark));
    marked_out_ = std::make_unique<MarkingSink>(text_to_err ? err_ : out_, std::string(drill_mark));
    out_style_.width = without_mark(out_style_.width, true);
}

const ui::Style& World::err_style() {
    err_style_.width = screen().columns;
    return err_style_;
}

bool World::live() const {
    return system::is_terminal(STDERR_FILENO) && !err_style_.plain;
}

bool World::can_ask() const {
    if (stage_ != nullptr) {
        return true;
    }
    return system::is_terminal(STDIN_FILENO) && system::is_terminal(STDERR_FILENO) && !common_.no_input &&
           !environment_.has("CI");
}

int World::exit_code_of_signal() const {
    const int signal = stop_.signal();
    return exit_code::signal_base + (signal == 0 ? SIGINT : signal);
}

int World::report(const Error& error) {
    std::string text =
        ui::paint(err_style_, ui::Paint::bad, "memrb: error:") + " " + ui::safe_lines(err_style_, error.message) + "\n";
    if (!error.hint.empty()) {
        text += "  " + ui::safe_lines(err_style_, error.hint) + "\n";
    }
    err().write(text);
    return exit_code_of(error.fault);
}

void World::warn(std::string_view text) {
    err().write(ui::paint(err_style_, ui::Paint::caution, "memrb: warning:") + " " + ui::safe_lines(err_style_, text) +
                "\n");
}

}  // namespace memrb::cli
