#include "runtime/cli/native_tier.h"

#include <cstdio>
#include <utility>

namespace edict::cli {

NativeTier::NativeTier(Engine& engine, const std::string& tier, const NativeArguments& arguments, uint64_t tier_up_bytes,
                       const Artefact* artefact)
    : engine_(engine),
      wanted_(tier == "interp"   ? Wanted::kNever
              : tier == "native" ? Wanted::kAtOnce
                                 : Wanted::kWhenItPays),
      tier_up_bytes_(tier_up_bytes),
      artefact_(artefact) {
  if (wanted_ != Wanted::kNever) options_ = ToNativeOptions(arguments);
}

bool NativeTier::UseArtefact() {
  if (artefact_ == nullptr) return false;
  const auto load = [this](std::string_view object, size_t events) {
    return compiler::LoadNative(object, events, 0, options_.link);
  };
  Result<LoadedObjectCode> loaded = LoadObjectCode(*artefact_, load);
  if (!loaded.ok()) {
    artefact_status_ = loaded.error();
    return false;
  }
  engine_.UseNative(std::move(loaded.value().code));
  from_ = "from the artefact, for " + loaded.value().cpu;
  return true;
}

Status NativeTier::Begin() {
  if (wanted_ == Wanted::kNever) return {};
  in_use_ = UseArtefact();
  if (in_use_) return {};
  Result<bool> cached = compiler::UseCachedNative(engine_, options_);
  if (!cached.ok()) cache_status_ = cached.error();
  in_use_ = cached.ok() && cached.value();
  if (in_use_) from_ = "from the object cache";
  if (in_use_ || wanted_ == Wanted::kWhenItPays) return {};
  Status made = compiler::CompileNative(engine_, options_);
  in_use_ = made.ok();
  return made;
}

void NativeTier::OnInput(uint64_t bytes) {
  if (wanted_ == Wanted::kWhenItPays && !in_use_ && bytes >= tier_up_bytes_) background_.Start(engine_, options_);
}

void NativeTier::PrintStats() const {
  if (!artefact_status_.ok()) std::fprintf(stderr, "artefact: %s\n", artefact_status_.error().message.c_str());
  if (in_use_) {
    std::fprintf(stderr, "native code: in use%s%s\n", from_.empty() ? "" : ", ", from_.c_str());
  } else if (background_.running()) {
    std::fprintf(stderr, "native code: %s\n", background_.has_first() ? "in use, hardly optimised" : "not ready before the end");
  } else if (background_.started()) {
    const Status& status = background_.status();
    std::fprintf(stderr, "native code: %s\n", status.ok() ? "in use" : status.error().message.c_str());
  } else if (!cache_status_.ok()) {
    std::fprintf(stderr, "native code: %s\n", cache_status_.error().message.c_str());
  }
  if (options_.cache != nullptr && !options_.cache->usable()) {
    std::fprintf(stderr, "object cache not used: %s\n", options_.cache->fault().c_str());
  }
}

}  // namespace edict::cli
