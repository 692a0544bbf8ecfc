#include "runtime/cli/native_tier.h"

#include <cstdio>

namespace edict::cli {
namespace {

// Bytes of input after which --tier auto has native code made. Before, the interpreter is done sooner than LLVM: it takes
// 0.2 s for so much of AG-UI, and LLVM 0.4 s for the AG-UI package.
constexpr uint64_t kTierUpBytes = 32u << 20;

}  // namespace

NativeTier::NativeTier(Engine& engine, const std::string& tier, const NativeArguments& arguments)
    : engine_(engine),
      wanted_(tier == "interp"   ? Wanted::kNever
              : tier == "native" ? Wanted::kAtOnce
                                 : Wanted::kWhenItPays) {
  if (wanted_ != Wanted::kNever) options_ = ToNativeOptions(arguments);
}

Status NativeTier::Begin() {
  if (wanted_ == Wanted::kNever) return {};
  in_use_ = from_cache_ = compiler::UseCachedNative(engine_, options_);
  if (in_use_ || wanted_ == Wanted::kWhenItPays) return {};
  Status made = compiler::CompileNative(engine_, options_);
  in_use_ = made.ok();
  return made;
}

void NativeTier::OnInput(uint64_t bytes) {
  if (wanted_ == Wanted::kWhenItPays && !in_use_ && bytes >= kTierUpBytes) background_.Start(engine_, options_);
}

void NativeTier::PrintStats() const {
  if (in_use_) {
    std::fprintf(stderr, "native code: in use%s\n", from_cache_ ? ", from the object cache" : "");
  } else if (background_.running()) {
    std::fprintf(stderr, "native code was not ready before the end\n");
  } else if (background_.started()) {
    const Status& status = background_.status();
    std::fprintf(stderr, "native code: %s\n", status.ok() ? "in use" : status.error().message.c_str());
  }
  if (options_.cache != nullptr && !options_.cache->usable()) {
    std::fprintf(stderr, "object cache not used: %s\n", options_.cache->fault().c_str());
  }
}

}  // namespace edict::cli
