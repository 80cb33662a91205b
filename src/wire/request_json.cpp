#include "wire/request_json.h"
