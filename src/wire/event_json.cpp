#include "wire/event_json.h"
