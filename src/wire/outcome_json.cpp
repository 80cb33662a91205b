#include "wire/outcome_json.h"
