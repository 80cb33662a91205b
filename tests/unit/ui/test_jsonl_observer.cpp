#include "ui/jsonl_observer.h"

#include "sample_views.h"

#include <fcntl.h>
#include <unistd.h>
#include <catch2/catch.hpp>
#include <csignal>
#include <sstream>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

TEST_CASE("each event is one line") {
    std::ostringstream out;
    StreamSink sink(out);
    JsonlObserver observer(sink);
    observer.on_event({1, at(now_text), NoteAdded{"two\nlines"}});
    observer.on_event({2, at(now_text), IncidentClosed{0, "done"}});
    CHECK(out.str() ==
          "{\"seq\":1,\"at\":\"2026-11-21T08:52:00Z\",\"event\":\"note_added\",\"text\":\"two\\nlines\"}\n"
          "{\"seq\":2,\"at\":\"2026-11-21T08:52:00Z\",\"event\":\"incident_closed\",\"exit_code\":0,\"reason\":"
          "\"done\"}\n");
}

TEST_CASE("when nobody reads any more it falls silent") {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    ::close(ends[0]);
    struct sigaction ignore{};
    struct sigaction before{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &before);
    FdSink sink(ends[1]);
    JsonlObserver observer(sink);
    observer.on_event({1, at(now_text), NoteAdded{"x"}});
    CHECK(sink.broken());
    observer.on_event({2, at(now_text), NoteAdded{"y"}});
    CHECK(sink.broken());
    sigaction(SIGPIPE, &before, nullptr);
    ::close(ends[1]);
}

TEST_CASE("several observers see the same events in order") {
    std::ostringstream first;
    std::ostringstream second;
    StreamSink first_sink(first);
    StreamSink second_sink(second);
    JsonlObserver a(first_sink);
    JsonlObserver b(second_sink);
    Observers both({&a, &b});
    both.on_event({7, at(now_text), NoteAdded{"x"}});
    CHECK(first.str() == second.str());
    CHECK(first.str().starts_with("{\"seq\":7,"));
}
