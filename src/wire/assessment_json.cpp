#include "wire/assessment_json.h"
