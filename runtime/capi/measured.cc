// What an engine has done, as texts.
#include <cstring>
#include <string>

#include "runtime/capi/handles.h"

namespace {

edict_status Give(const std::string& text, char** out, size_t* size) {
  char* const copy = new char[text.size() + 1];
  std::memcpy(copy, text.c_str(), text.size() + 1);
  *out = copy;
  if (size != nullptr) *size = text.size();
  return EDICT_OK;
}

}  // namespace

extern "C" {

void edict_text_free(char* text) { delete[] text; }

edict_status edict_engine_metrics(const edict_engine* engine, char** text, size_t* size) {
  if (engine == nullptr || text == nullptr) return EDICT_BAD_ARGUMENT;
  return edict::capi::Guarded([&] { return Give(edict::ToPrometheus(engine->engine.metrics()), text, size); });
}

edict_status edict_engine_cost_profile(const edict_engine* engine, char** text, size_t* size) {
  if (engine == nullptr || text == nullptr) return EDICT_BAD_ARGUMENT;
  return edict::capi::Guarded([&] { return Give(edict::ToJson(engine->engine.cost_profile()), text, size); });
}

}  // extern "C"
