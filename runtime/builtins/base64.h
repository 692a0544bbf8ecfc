// Base64 with the standard alphabet (RFC 4648, section 4).
#ifndef EDICT_RUNTIME_BUILTINS_BASE64_H_
#define EDICT_RUNTIME_BUILTINS_BASE64_H_

#include <string>
#include <string_view>

namespace edict {

std::string EncodeBase64(std::string_view bytes);
// Padding is optional, as cel-go reads it; bits left over must be zero. False if the text is no base64.
bool DecodeBase64(std::string_view text, std::string& bytes);

}  // namespace edict

#endif  // EDICT_RUNTIME_BUILTINS_BASE64_H_
