#include "runtime/object_cache/entry.h"

#include <cstdint>
#include <cstring>

#include "runtime/base/hash.h"

namespace edict {
namespace {

// The last character is the version of the format.
constexpr char kMagic[8] = {'E', 'D', 'I', 'C', 'T', 'O', 'B', '1'};

// Written as it is in memory: an entry never leaves the machine.
struct Header {
  char magic[8];
  uint64_t identity_size;
  uint64_t object_size;
  uint64_t hash_high;
  uint64_t hash_low;
};
static_assert(sizeof(Header) == 40);  // no padding, whose bytes nothing would check

}  // namespace

std::string EncodeEntry(std::string_view identity, std::string_view object) {
  std::string bytes(sizeof(Header), '\0');
  bytes.append(identity).append(object);
  const Hash128 hash = ContentHash(std::string_view(bytes).substr(sizeof(Header)));
  Header header{{}, identity.size(), object.size(), hash.high, hash.low};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

std::optional<std::string> DecodeEntry(std::string_view bytes, std::string_view identity) {
  Header header;
  if (bytes.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof header);
  const std::string_view body = bytes.substr(sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) return std::nullopt;
  if (header.identity_size != identity.size() || body.size() < identity.size()) return std::nullopt;
  if (header.object_size != body.size() - identity.size()) return std::nullopt;
  if (body.substr(0, identity.size()) != identity) return std::nullopt;
  if (ContentHash(body) != Hash128{header.hash_high, header.hash_low}) return std::nullopt;
  return std::string(body.substr(identity.size()));
}

}  // namespace edict
