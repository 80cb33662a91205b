#include "ui/edit_line_reader.h"

#include "ui/utf8.h"

#include <fcntl.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cwchar>
#include <string>
#include <string_view>
#include <utility>

namespace memrb::ui {

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open_copy(int fd, const char* mode) {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) {
        return nullptr;
    }
    File file(::fdopen(copy, mode));
    if (!file) {
        ::close(copy);
    }
    return file;
}

// The characters of this thread while libedit is at work. The rest of the program stays in the C locale.
class CharacterSet {
public:
    explicit CharacterSet(bool utf8) : mine_(::newlocale(LC_CTYPE_MASK, "", nullptr)) {
        if (utf8 && (mine_ == nullptr || !is_utf8(mine_))) {
            if (locale_t fallback = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr); fallback != nullptr) {
                free();
                mine_ = fallback;
            }
        }
    }
    ~CharacterSet() { free(); }
    CharacterSet(const CharacterSet&) = delete;
    CharacterSet& operator=(const CharacterSet&) = delete;
    CharacterSet(CharacterSet&&) = delete;
    CharacterSet& operator=(CharacterSet&&) = delete;

    class Use {
    public:
        explicit Use(const CharacterSet& set) : before_(::uselocale(set.mine_)) {}
        ~Use() { ::uselocale(before_); }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;
        Use(Use&&) = delete;
        Use& operator=(Use&&) = delete;

    private:
        locale_t before_;
    };

private:
    static bool is_utf8(locale_t locale) { return std::string_view(::nl_langinfo_l(CODESET, locale)) == "UTF-8"; }
    void free() {
        if (mine_ != nullptr) {
            ::freelocale(mine_);
        }
    }

    locale_t mine_;  // null: newlocale failed, the thread keeps what it has
};

// Gives the terminal back as it was found, however the scope is left.
class KeepTerminal {
public:
    explicit KeepTerminal(int fd) : fd_(fd), known_(::tcgetattr(fd, &before_) == 0) {}
    ~KeepTerminal() {
        if (known_) {
            ::tcsetattr(fd_, TCSADRAIN, &before_);
        }
    }
    KeepTerminal(const KeepTerminal&) = delete;
    KeepTerminal& operator=(const KeepTerminal&) = delete;
    KeepTerminal(KeepTerminal&&) = delete;
    KeepTerminal& operator=(KeepTerminal&&) = delete;

private:
    int fd_;
    termios before_{};
    bool known_;
};

struct EndEditLine {
    void operator()(EditLine* line) const { ::el_end(line); }
};

winsize size_of(int fd) {
    winsize size{};
    static_cast<void>(::ioctl(fd, TIOCGWINSZ, &size));  // on failure zeros, the same each time
    return size;
}

}  // namespace

struct EditLineReader::State {
    State(int in, const Stop& interrupts, bool utf8) : fd(in), stop(interrupts), characters(utf8) {}

    int fd;
    const Stop& stop;
    CharacterSet characters;
    File input, output, complaints;
    std::wstring prompt;
    bool interrupted = false;
    winsize size{};
    std::mbstate_t partial{};  ///< of a character that came in part
    std::unique_ptr<EditLine, EndEditLine> line;

    bool open(int out);
    Answer read();

private:
    enum class Byte { read, gone, interrupted };
    Byte next_byte(char& byte);
    /// As EL_GETCFN demands: 1 a character, 0 the terminal is gone, -1 interrupted.
    int next_key(wchar_t& key);
    void suspend();
    void follow_resize();

    static State& of(EditLine* line) {
        void* state = nullptr;
        ::el_wget(line, EL_CLIENTDATA, &state);
        return *static_cast<State*>(state);
    }
    static int key_callback(EditLine* line, wchar_t* key) { return of(line).next_key(*key); }
    static wchar_t* prompt_callback(EditLine* line) { return of(line).prompt.data(); }
};

bool EditLineReader::State::open(int out) {
    input = open_copy(fd, "r");
    output = open_copy(out, "w");
    complaints.reset(std::fopen("/dev/null", "we"));  // what libedit says of an unknown TERM helps nobody here
    if (!input || !output || !complaints) {
        return false;
    }
    const CharacterSet::Use use(characters);
    const KeepTerminal keep(fd);
    line.reset(::el_init("memrb", input.get(), output.get(), complaints.get()));
    if (!line) {
        return false;
    }
    ::el_wset(line.get(), EL_CLIENTDATA, this);
    ::el_wset(line.get(), EL_EDITOR, L"emacs");
    ::el_wset(line.get(), EL_SIGNAL, 0);
    ::el_wset(line.get(), EL_PROMPT, &State::prompt_callback);
    ::el_wset(line.get(), EL_GETCFN, &State::key_callback);
    // Ctrl-C and Ctrl-Z arrive as keys: a signal would leave the terminal as the editor has set it.
    ::el_wset(line.get(), EL_SETTY, L"-d", L"-isig", nullptr);
    return true;
}

Answer EditLineReader::State::read() {
    const CharacterSet::Use use(characters);
    const KeepTerminal keep(fd);
    interrupted = false;
    partial = {};
    size = size_of(fd);
    // Before the prompt: libedit itself prints first, and a Ctrl-C in between would be a signal.
    ::el_wset(line.get(), EL_PREP_TERM, 1);
    int count = 0;
    const wchar_t* typed = ::el_wgets(line.get(), &count);
    if (typed == nullptr || count <= 0) {
        static_cast<void>(std::fputs("\n", output.get()));  // leaves the line of the prompt
        static_cast<void>(std::fflush(output.get()));
        return {interrupted ? Answer::Kind::interrupted : Answer::Kind::end, {}};
    }
    std::u32string characters_typed;
    for (const wchar_t* next = typed; *next != L'\0' && *next != L'\n'; ++next) {
        characters_typed += static_cast<char32_t>(*next);
    }
    return {Answer::Kind::line, encode_utf8(characters_typed)};
}

EditLineReader::State::Byte EditLineReader::State::next_byte(char& byte) {
    while (true) {
        if (stop.requested()) {
            return Byte::interrupted;
        }
        follow_resize();
        std::array<pollfd, 2> entries{{{fd, POLLIN, 0}, {stop.poll_fd(), POLLIN, 0}}};  // -1 is left out by poll
        if (::poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR) {
            return Byte::gone;
        }
        if (entries[1].revents != 0) {
            return Byte::interrupted;
        }
        if (entries[0].revents == 0) {
            continue;
        }
        const ssize_t got = ::read(fd, &byte, 1);
        if (got == 1) {
            return Byte::read;
        }
        if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
            return Byte::gone;
        }
    }
}

int EditLineReader::State::next_key(wchar_t& key) {
    constexpr wchar_t ctrl_c = 0x03;
    constexpr wchar_t ctrl_z = 0x1a;
    while (true) {
        char byte = 0;
        switch (next_byte(byte)) {
            case Byte::gone: return 0;
            case Byte::interrupted: interrupted = true; return -1;
            case Byte::read: break;
        }
        const std::size_t length = std::mbrtowc(&key, &byte, 1, &partial);
        if (length == static_cast<std::size_t>(-2)) {
            continue;  // the character goes on
        }
        if (length == static_cast<std::size_t>(-1)) {
            partial = {};
            key = L'?';  // not of this character set
        } else if (length == 0) {
            key = L'\0';
        }
        if (key == ctrl_c) {
            interrupted = true;
            return -1;
        }
        if (key != ctrl_z) {
            return 1;
        }
        suspend();
    }
}

// As the terminal would: the whole foreground group stops, with the terminal as the shell expects it.
void EditLineReader::State::suspend() {
    ::el_wset(line.get(), EL_PREP_TERM, 0);
    ::kill(0, SIGTSTP);
    ::el_wset(line.get(), EL_PREP_TERM, 1);
    ::el_wset(line.get(), EL_REFRESH);
}

void EditLineReader::State::follow_resize() {
    const winsize present = size_of(fd);
    if (present.ws_col != size.ws_col || present.ws_row != size.ws_row) {
        size = present;
        ::el_resize(line.get());
        // It makes new buffers for the screen and keeps the cursor's column, which may lie beyond them: drawing anew,
        // on a line of its own, forgets the column before anything is written.
        static_cast<void>(std::fputs("\r\n", output.get()));
        ::el_wset(line.get(), EL_REFRESH);
    }
}

EditLineReader::EditLineReader(std::unique_ptr<State> state) : state_(std::move(state)) {}

EditLineReader::~EditLineReader() {
    const KeepTerminal keep(state_->fd);  // el_end puts back what el_init has seen, which may be long ago
    state_->line.reset();
}

Result<std::unique_ptr<LineReader>> EditLineReader::open(int in, int out, const Stop& stop, bool utf8) {
    auto state = std::make_unique<State>(in, stop, utf8);
    if (::isatty(in) == 0 || ::isatty(out) == 0 || !state->open(out)) {
        return fail(Fault::answer_needed, "there is no terminal to ask on",
                    "run memrb from a terminal, or with -o text");
    }
    return std::unique_ptr<LineReader>(new EditLineReader(std::move(state)));
}

Answer EditLineReader::read(std::string_view prompt) {
    state_->prompt.clear();
    for (const char32_t character : decode_utf8(prompt)) {
        state_->prompt += static_cast<wchar_t>(character);
    }
    return state_->read();
}

void EditLineReader::discard_typed_ahead() {
    ::tcflush(state_->fd, TCIFLUSH);
}

}  // namespace memrb::ui
