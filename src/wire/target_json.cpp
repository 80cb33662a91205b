#include "wire/target_json.h"
