#include "ui/jsonl_observer.h"

#include "wire/document.h"
#include "wire/event_json.h"

namespace memrb::ui {

void JsonlObserver::on_event(const Event& event) {
    if (!out_.broken()) {
        out_.write(wire::dump(wire::to_json(event)) + "\n");
    }
}

}  // namespace memrb::ui
