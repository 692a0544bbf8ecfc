#include "runtime/jit/native_code.h"

#include <string>
#include <utility>

namespace edict {
namespace {

class LoadedCode : public NativeCode {
 public:
  // `code`: of NativeNames.
  LoadedCode(std::unique_ptr<LinkedCode> code, size_t event_count, size_t value_count) : code_(std::move(code)) {
    auto next = code_->addresses().begin();
    for (size_t i = 0; i < event_count; ++i) verdicts_.push_back(reinterpret_cast<VerdictFunction>(*next++));
    for (size_t i = 0; i < event_count; ++i) events_.push_back(reinterpret_cast<EventFunction>(*next++));
    for (size_t i = 0; i < value_count; ++i) values_.push_back(reinterpret_cast<ValueFunction>(*next++));
  }

 private:
  std::unique_ptr<LinkedCode> code_;
};

}  // namespace

std::vector<std::string> NativeNames(size_t event_count, size_t value_count) {
  std::vector<std::string> names;
  for (size_t i = 0; i < event_count; ++i) names.push_back("edict_verdict_" + std::to_string(i));
  for (size_t i = 0; i < event_count; ++i) names.push_back("edict_event_" + std::to_string(i));
  for (size_t i = 0; i < value_count; ++i) names.push_back("edict_value_" + std::to_string(i));
  return names;
}

std::shared_ptr<const NativeCode> ToNativeCode(std::unique_ptr<LinkedCode> code, size_t event_count, size_t value_count) {
  return std::make_shared<LoadedCode>(std::move(code), event_count, value_count);
}

Result<std::shared_ptr<const NativeCode>> LoadNativeCode(std::string_view object, size_t event_count, size_t value_count) {
  Result<std::unique_ptr<LinkedCode>> code = Link(object, NativeNames(event_count, value_count));
  if (!code.ok()) return code.error();
  return ToNativeCode(std::move(code.value()), event_count, value_count);
}

}  // namespace edict
