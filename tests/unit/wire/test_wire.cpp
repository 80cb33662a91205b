#include "wire/event_json.h"

#include <catch2/catch.hpp>
