#pragma once

#include "engine/notify.h"
#include "memrb/result.h"
#include "memrb/runbook.h"
#include "runbook/config.h"

#include <map>
#include <string>
#include <vector>

namespace memrb::cli {

class World;

using ConfigContacts = std::map<std::string, runbook::ConfigContact>;

/// Those of the runbook in its order, with what the user's config says of them, then the config's others.
std::vector<Callee> callees_of(const std::vector<Contact>& contacts, const ConfigContacts& config);

/// The channels of a contact, with their secrets from the environment or from files. Errors (usage): no such contact,
/// one that memrb has no channel to, a secret that is missing or cannot be one. No message holds a secret.
Result<std::vector<engine::Channel>> channels_of(World& world, const std::string& contact,
                                                 const std::vector<Callee>& callees, const ConfigContacts& config);

}  // namespace memrb::cli
