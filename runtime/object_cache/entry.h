// The bytes of one entry: magic and version, the lengths of both parts, XXH3-128 of what follows, identity, object. Every
// bit is checked when it is read.
#ifndef EDICT_RUNTIME_OBJECT_CACHE_ENTRY_H_
#define EDICT_RUNTIME_OBJECT_CACHE_ENTRY_H_

#include <optional>
#include <string>
#include <string_view>

namespace edict {

std::string EncodeEntry(std::string_view identity, std::string_view object);
// The object; nothing if the bytes are not a whole entry of that identity.
std::optional<std::string> DecodeEntry(std::string_view bytes, std::string_view identity);

}  // namespace edict

#endif  // EDICT_RUNTIME_OBJECT_CACHE_ENTRY_H_
