#include "runtime/jit/native_code.h"

#include <string>

namespace edict {
namespace {

class LoadedCode : public NativeCode {
 public:
  // `code`: of the names that LoadNativeCode asks for.
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

Result<std::shared_ptr<const NativeCode>> LoadNativeCode(std::string_view object, size_t event_count, size_t value_count,
                                                         const LinkOptions& options) {
  std::vector<std::string> names;
  for (size_t i = 0; i < event_count; ++i) names.push_back("edict_verdict_" + std::to_string(i));
  for (size_t i = 0; i < event_count; ++i) names.push_back("edict_event_" + std::to_string(i));
  for (size_t i = 0; i < value_count; ++i) names.push_back("edict_value_" + std::to_string(i));
  Result<std::unique_ptr<LinkedCode>> code = Link(object, names, options);
  if (!code.ok()) return code.error();
  return std::shared_ptr<const NativeCode>(std::make_shared<LoadedCode>(std::move(code.value()), event_count, value_count));
}

}  // namespace edict
