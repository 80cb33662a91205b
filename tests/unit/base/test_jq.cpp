#include "base/text.h"

#include <catch2/catch.hpp>
