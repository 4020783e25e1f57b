// SPDX-License-Identifier: Apache-2.0
// How a secret reaches this process: the variable NAME, or the file that NAME_FILE names (a mount
// of a secrets manager). Never the command line: everybody on the machine can read that.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cad::secrets {

// Takes NAME out of the environment: its bytes are overwritten where /proc/<pid>/environ shows
// them, and no child inherits it. So a second call finds nothing. Call it before threads start.
// INVALID_ARGUMENT when NAME and NAME_FILE are both set, or when everybody may read the file.
Result<std::optional<Secret>> secret_from_environment(const std::string& name);

// The same, undecided: the text of NAME, or the path in NAME_FILE, or neither.
struct Given {
  std::optional<Secret> text;
  std::string file;
};
Result<Given> take_from_environment(const std::string& name);

enum class Privacy { not_everybody, owner_only };
// Without the white space at its end. At most 64 KiB. `source` is how messages call the file.
Result<Secret> read_secret_file(const std::string& path, const std::string& source,
                                Privacy privacy);

// Overwrites and removes every CADLENS_ variable that looks like a secret (KEY, SECRET, PASSWORD or
// TOKEN in its name, no _FILE at its end), for those that this command has no use for.
void wipe_secrets_in_environment();

// No core file of this process, and no other process of the same user may look into it.
void harden_process();

}  // namespace cad::secrets
