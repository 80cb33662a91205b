#include "engine/event_log.h"

#include "world.h"

#include <thread>

using namespace memrb;
using engine::EventLog;
using memrb::test::exited;
using memrb::test::MemoryJournal;
using memrb::test::RecordingObserver;
using memrb::test::told;
using Texts = std::vector<std::string>;

TEST_CASE("an event goes to the record, then to all views, as it was recorded") {
    MemoryJournal journal;
    RecordingObserver one;
    RecordingObserver two;
    EventLog log(journal, {&one, &two});
    log.emit(NoteAdded{"first"});
    log.emit(OptionChosen{"restart"}, true);
    CHECK(journal.events().size() == 2);
    for (const RecordingObserver* observer : {&one, &two}) {
        REQUIRE(observer->events.size() == 2);
        CHECK(observer->events[1].seq == 2);
        CHECK(observer->events[1].at == Timestamp{} + std::chrono::seconds(2));
        CHECK(std::get<OptionChosen>(observer->events[1].body).option == "restart");
    }
    CHECK(log.problems().empty());
}

TEST_CASE("a record that fails ends there, is told once, and the views go on") {
    MemoryJournal journal;
    RecordingObserver observer;
    EventLog log(journal, {&observer});
    log.emit(NoteAdded{"1"});
    journal.fail_from(2);
    log.emit(NoteAdded{"2"});
    log.emit(NoteAdded{"3"});
    journal.fail_from(0);
    log.emit(NoteAdded{"4"});

    CHECK(log.problems() == Texts{"not recorded any more: the disk is full"});
    CHECK(journal.events().size() == 1);  // no hole: what came after the failure is not in it either
    CHECK(journal.attempts() == 2);
    REQUIRE(observer.events.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(observer.events[i].seq == i + 1);
        CHECK(std::get<NoteAdded>(observer.events[i].body).text == std::to_string(i + 1));
    }
    CHECK(observer.events[3].at == observer.events[0].at);
}

TEST_CASE("what need not be durable waits for settle() while that is asked for, in its order") {
    MemoryJournal journal;
    RecordingObserver observer;
    EventLog log(journal, {&observer});
    {
        const EventLog::Lazily lazily(log);
        log.emit(NoteAdded{"1"});
        log.emit(NoteAdded{"2"});
        CHECK(journal.events().empty());
        CHECK(observer.events.empty());  // nothing is shown that is not on record
        log.settle();
        CHECK(journal.events().size() == 2);
        log.emit(NoteAdded{"3"});
        log.emit(OptionChosen{"restart"}, true);
        CHECK(journal.events().size() == 4);
        log.emit(NoteAdded{"5"});
        {
            const EventLog::Lazily nested(log);
            log.emit(NoteAdded{"6"});
        }
        CHECK(journal.events().size() == 6);
        log.emit(NoteAdded{"7"});
        CHECK(journal.events().size() == 6);
    }
    log.emit(NoteAdded{"8"});
    REQUIRE(observer.events.size() == 8);
    for (std::size_t i = 0; i < 8; ++i) {
        CHECK(observer.events[i].seq == i + 1);
        const auto* note = std::get_if<NoteAdded>(&observer.events[i].body);
        CHECK((i == 3 ? note == nullptr : note != nullptr && note->text == std::to_string(i + 1)));
    }
}

TEST_CASE("a step's begin is on record while its program runs, and its end before the next one has ended") {
    test::World world;
    world.add({.id = "a.one", .argv = {"x"}}).add({.id = "a.two", .argv = {"x"}});
    std::vector<std::size_t> recorded;  // when each program runs
    const auto launch = [&](const Request&, const RunContext& context, const Stop&) {
        REQUIRE(context.launched);
        context.launched();
        recorded.push_back(world.journal.events().size());
        return exited(0);
    };
    world.runner.on("a.one", launch).on("a.two", launch);
    world.jobs = 1;
    CHECK(told(world.run()) == Texts{"ok", "ok"});
    CHECK(recorded == std::vector<std::size_t>{1, 3});
    CHECK(world.journal.events().size() == 4);
}

TEST_CASE("a diagnosis goes on when the record fails") {
    test::World world;
    world.journal.fail_from(1);
    world.add({.id = "a.one", .argv = {"x"}}).add({.id = "a.two", .argv = {"x"}});
    world.runner.on("a.one", exited(0)).on("a.two", exited(0));
    CHECK(told(world.run()) == Texts{"ok", "ok"});
    CHECK(world.log.problems() == Texts{"not recorded any more: the disk is full"});
    CHECK(world.observer.events.size() == 4);
}

TEST_CASE("events of several threads are numbered without gaps and seen in that order") {
    MemoryJournal journal;
    RecordingObserver observer;
    EventLog log(journal, {&observer});
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int j = 0; j < 250; ++j) {
                    log.emit(NoteAdded{"x"});
                }
            });
        }
    }
    REQUIRE(observer.events.size() == 1000);
    for (std::size_t i = 0; i < 1000; ++i) {
        REQUIRE(observer.events[i].seq == i + 1);
    }
}

TEST_CASE("the folder is the journal's") {
    MemoryJournal journal;
    journal.set_folder("/x/y");
    CHECK(EventLog(journal, {}).folder() == "/x/y");
}
