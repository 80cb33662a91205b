// A container's program for the tests: it uses memory exactly as it is told, by arguments and by HTTP.
//
//   mem COMMAND...              commands are done in order; then it waits for ever (leaking, if told so)
//     hold=64m                  anonymous memory held: grows or shrinks to this
//     working-set=60m           grows the held memory until the container's own cgroup counts this much
//     leak=1m                   bytes for each second from now on; 0 stops it
//     cache=16m                 page cache: a file of this size is written and read back
//     read-again=85             this percentage of each such file, from its beginning on
//     child-oom                 a child allocates until the kernel kills it; this process lives on (needs a limit)
//     term=143                  exit code on SIGTERM (default 0)
//     serve=8000                HTTP from now on: GET /health, GET /counters, POST /run/COMMAND
//     sleep=2.5  say=TEXT  exit=3  kill=9
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr std::uint64_t page = 4096;
constexpr std::uint64_t reserve = std::uint64_t{64} << 30U;

/// Anonymous pages [0, held) of one large reservation are touched, the rest is not there.
struct Held {
    char* base = nullptr;
    std::uint64_t size = 0;

    bool open() {
        void* got = mmap(nullptr, reserve, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (got == MAP_FAILED) {
            return false;
        }
        madvise(got, reserve, MADV_NOHUGEPAGE);
        base = static_cast<char*>(got);
        return true;
    }
    void resize(std::uint64_t wanted) {
        wanted = wanted / page * page;
        for (; size < wanted; size += page) {
            base[size] = 1;
        }
        if (size > wanted) {
            madvise(base + wanted, size - wanted, MADV_DONTNEED);
        }
        size = wanted;
    }
};

struct State {
    Held held;
    double leak_per_second = 0;
    double leaked_remainder = 0;
    std::uint64_t cached = 0;
    static constexpr std::size_t most_files = 256;
    int files[most_files] = {};  ///< those of the page cache, open
    std::size_t file_count = 0;
    int children_killed = 0;
    int listener = -1;
};

volatile sig_atomic_t term_code = 0;

void on_term(int) {
    _exit(term_code);
}

double now() {
    timespec at{};
    clock_gettime(CLOCK_MONOTONIC, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
}

/// `64m`, `1.5g`, `4096`.
std::uint64_t bytes(const char* text) {
    char* end = nullptr;
    double value = std::strtod(text, &end);
    switch (*end) {
        case 'k': value *= 1024.0; break;
        case 'm': value *= 1024.0 * 1024; break;
        case 'g': value *= 1024.0 * 1024 * 1024; break;
        default: break;
    }
    return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

int whole(const char* text) {
    return static_cast<int>(std::strtol(text, nullptr, 10));
}

std::uint64_t number_in(const char* path, const char* key) {
    std::FILE* file = std::fopen(path, "r");
    if (file == nullptr) {
        return 0;
    }
    char name[64];
    char number[64];
    bool found = false;
    if (key == nullptr) {
        found = std::fscanf(file, "%63s", number) == 1;
    } else {
        while (!found && std::fscanf(file, "%63s %63s", name, number) == 2) {
            found = std::strcmp(name, key) == 0;
        }
    }
    std::fclose(file);
    return found ? std::strtoull(number, nullptr, 10) : 0;
}

/// Usage without the inactive file cache, cgroup v1 or v2, as this container sees itself.
std::uint64_t working_set() {
    std::uint64_t usage = number_in("/sys/fs/cgroup/memory.current", nullptr);
    std::uint64_t inactive = number_in("/sys/fs/cgroup/memory.stat", "inactive_file");
    if (usage == 0) {
        usage = number_in("/sys/fs/cgroup/memory/memory.usage_in_bytes", nullptr);
        inactive = number_in("/sys/fs/cgroup/memory/memory.stat", "total_inactive_file");
    }
    return usage > inactive ? usage - inactive : 0;
}

/// Without a limit, "until the kernel kills it" would mean the whole machine.
bool limited() {
    const std::uint64_t v2 = number_in("/sys/fs/cgroup/memory.max", nullptr);
    const std::uint64_t limit = v2 != 0 ? v2 : number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes", nullptr);
    return limit != 0 && limit < reserve;
}

/// The kernel charges in batches, so the last pages are approached, not computed.
void reach_working_set(State& state, std::uint64_t wanted) {
    for (int round = 0; round < 50; ++round) {
        const std::uint64_t present = working_set();
        const std::uint64_t off = present > wanted ? present - wanted : wanted - present;
        if (off <= 16 * page) {
            return;
        }
        if (present > wanted) {
            state.held.resize(state.held.size > off ? state.held.size - off : 0);
        } else {
            state.held.resize(state.held.size + off);
        }
    }
}

void read_up_to(int file, std::uint64_t wanted) {
    static char block[1 << 16];
    lseek(file, 0, SEEK_SET);
    for (std::uint64_t done = 0; done < wanted;) {
        const std::uint64_t left = wanted - done;
        const ssize_t got = read(file, block, left < sizeof block ? left : sizeof block);
        if (got <= 0) {
            break;
        }
        done += static_cast<std::uint64_t>(got);
    }
}

void fill_cache(State& state, std::uint64_t size) {
    char path[] = "/tmp/cache-XXXXXX";
    const int file = state.file_count < State::most_files ? mkstemp(path) : -1;
    if (file < 0) {
        return;
    }
    static char block[1 << 16];
    std::memset(block, 7, sizeof block);
    for (std::uint64_t done = 0; done < size; done += sizeof block) {
        if (write(file, block, sizeof block) < 0) {
            break;
        }
    }
    fsync(file);
    read_up_to(file, size);
    state.files[state.file_count++] = file;
    state.cached += size;
}

void read_again(const State& state, int percent) {
    for (std::size_t i = 0; i < state.file_count; ++i) {
        const off_t size = lseek(state.files[i], 0, SEEK_END);
        read_up_to(state.files[i], static_cast<std::uint64_t>(size) * static_cast<std::uint64_t>(percent) / 100);
    }
}

void child_until_killed(State& state) {
    const pid_t child = fork();
    if (child == 0) {
        // The kernel picks the largest; the score makes sure that it is this one.
        if (std::FILE* score = std::fopen("/proc/self/oom_score_adj", "w")) {
            std::fputs("1000", score);
            std::fclose(score);
        }
        Held more;
        if (!more.open()) {
            _exit(1);
        }
        more.resize(reserve);
        _exit(0);
    }
    int status = 0;
    if (child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status)) {
        ++state.children_killed;
        std::printf("child killed by signal %d\n", WTERMSIG(status));
    }
}

bool listen_on(State& state, int port) {
    state.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(state.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    return bind(state.listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
           listen(state.listener, 16) == 0;
}

/// false: no such command.
bool run(State& state, const char* command) {
    const char* equals = std::strchr(command, '=');
    const char* value = equals == nullptr ? "" : equals + 1;
    const auto is = [&](const char* name) {
        const std::size_t length =
            equals == nullptr ? std::strlen(command) : static_cast<std::size_t>(equals - command);
        return std::strlen(name) == length && std::strncmp(command, name, length) == 0;
    };
    if (is("hold")) {
        state.held.resize(bytes(value));
    } else if (is("working-set")) {
        reach_working_set(state, bytes(value));
    } else if (is("leak")) {
        state.leak_per_second = static_cast<double>(bytes(value));
    } else if (is("cache")) {
        fill_cache(state, bytes(value));
    } else if (is("read-again")) {
        read_again(state, whole(value));
    } else if (is("child-oom")) {
        if (!limited()) {
            return false;
        }
        child_until_killed(state);
    } else if (is("term")) {
        term_code = whole(value);
    } else if (is("serve")) {
        return listen_on(state, whole(value));
    } else if (is("sleep")) {
        usleep(static_cast<useconds_t>(std::strtod(value, nullptr) * 1e6));
    } else if (is("say")) {
        std::printf("%s\n", value);
    } else if (is("exit")) {
        std::exit(whole(value));
    } else if (is("kill")) {
        // Signals from inside do not kill process 1 of a pid namespace; a child in its place shows the status.
        raise(whole(value));
    } else {
        return false;
    }
    return true;
}

void answer(State& state, int client) {
    char request[2048];
    std::size_t got = 0;
    while (got + 1 < sizeof request) {
        const ssize_t more = read(client, request + got, sizeof request - 1 - got);
        if (more <= 0) {
            break;
        }
        got += static_cast<std::size_t>(more);
        request[got] = '\0';
        if (std::strstr(request, "\r\n\r\n") != nullptr) {
            break;
        }
    }
    request[got] = '\0';
    char method[8] = "";
    char path[256] = "";
    const char* status = "404 Not Found";
    char body[512] = "{\"error\":\"unknown path or command\"}\n";
    if (std::sscanf(request, "%7s %255s", method, path) == 2) {
        bool known = std::strcmp(path, "/health") == 0 || std::strcmp(path, "/counters") == 0;
        if (std::strcmp(method, "POST") == 0 && std::strncmp(path, "/run/", 5) == 0) {
            known = run(state, path + 5);
        }
        if (known) {
            status = "200 OK";
            std::snprintf(body, sizeof body,
                          "{\"status\":\"ok\",\"held_bytes\":%llu,\"cached_bytes\":%llu,\"leak_bytes_per_second\":%.0f,"
                          "\"children_killed\":%d,\"working_set_bytes\":%llu}\n",
                          static_cast<unsigned long long>(state.held.size),
                          static_cast<unsigned long long>(state.cached), state.leak_per_second, state.children_killed,
                          static_cast<unsigned long long>(working_set()));
        }
    }
    char text[1024];
    const int length = std::snprintf(
        text, sizeof text,
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status,
        std::strlen(body), body);
    if (write(client, text, static_cast<std::size_t>(length)) < 0) {
        std::perror("write");
    }
    close(client);
}

[[noreturn]] void wait_for_ever(State& state) {
    double last = now();
    for (;;) {
        pollfd waiting{state.listener, POLLIN, 0};
        const int timeout = state.leak_per_second > 0 ? 50 : -1;
        const int ready = poll(&waiting, state.listener < 0 ? 0 : 1, timeout);
        const double at = now();
        if (state.leak_per_second > 0) {
            state.leaked_remainder += state.leak_per_second * (at - last);
            const auto whole = static_cast<std::uint64_t>(state.leaked_remainder) / page * page;
            state.held.resize(state.held.size + whole);
            state.leaked_remainder -= static_cast<double>(whole);
        }
        last = at;
        if (ready > 0) {
            const int client = accept4(state.listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (client >= 0) {
                answer(state, client);
            }
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    std::signal(SIGTERM, on_term);
    std::signal(SIGPIPE, SIG_IGN);
    State state;
    if (!state.held.open()) {
        std::perror("mmap");
        return 1;
    }
    for (int i = 1; i < argc; ++i) {
        if (!run(state, argv[i])) {
            std::fprintf(stderr, "mem: cannot do '%s'\n", argv[i]);
            return 2;
        }
    }
    wait_for_ever(state);
}
