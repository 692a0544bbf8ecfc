// The encoders extension: base64.
#include "runtime/builtins/base64.h"
#include "runtime/builtins/support.h"

namespace edict::builtins {

EDICT_DEFINE(Base64Encode) {
  std::string_view bytes = args[0].text();
  if (!ChargeBytes(context, bytes.size())) return void(*out = FuelError(context));
  *out = NewString(context, EncodeBase64(bytes));
}
EDICT_DEFINE(Base64Decode) {
  if (!ChargeBytes(context, args[0].size)) return void(*out = FuelError(context));
  std::string bytes;
  *out = DecodeBase64(args[0].text(), bytes) ? NewBytes(context, bytes) : Invalid(context, "the text is not base64");
}

}  // namespace edict::builtins
