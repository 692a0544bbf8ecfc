// Native code for an engine: generated, loaded and handed over. Streams take it up at their next event.
#ifndef EDICT_COMPILER_NATIVE_H_
#define EDICT_COMPILER_NATIVE_H_

#include <atomic>
#include <memory>
#include <string_view>
#include <thread>

#include "compiler/orc/link_orc.h"
#include "runtime/base/result.h"
#include "runtime/engine.h"
#include "runtime/jit/native_code.h"
#include "runtime/object_cache/object_cache.h"

namespace edict::compiler {

struct NativeOptions {
  // Where code is looked for before it is made, and kept afterwards. Default none.
  std::shared_ptr<const ObjectCache> cache;
  // Of LLVM, 0 to 2. Default 2; 0 compiles fastest.
  int optimization = 2;
  LinkOptions link;
};

// LoadNativeCode of runtime/jit/native_code.h, or ORC where that is not for this machine, or somebody is to be told.
Result<std::shared_ptr<const NativeCode>> LoadNative(std::string_view object, size_t event_count, size_t value_count,
                                                     const LinkOptions& options);

// Of a Program by itself: for Engine::UseNative, or for a Reload that is to begin with native code.
Result<std::shared_ptr<const NativeCode>> MakeNative(const Program& program, const NativeOptions& options = {});
// Of the rules that the engine has now. Takes some milliseconds if it is not in the cache; the engine may judge events, and get
// other rules, meanwhile: code is only ever used for the rules that it was made from, and an Error says where they are gone.
Status CompileNative(Engine& engine, const NativeOptions& options = {});
// From the cache; false if it is not there, an Error if it cannot be loaded. Takes one or two milliseconds.
Result<bool> UseCachedNative(Engine& engine, const NativeOptions& options);

// Native code that evaluates one expression of a Program: its values()[0].
Result<std::shared_ptr<const NativeCode>> CompileNativeValue(const Program& program, uint32_t node,
                                                             const NativeOptions& options = {});

// CompileNative beside the caller's work, on threads of its own. A large rule set, which takes LLVM seconds, first gets code that
// is made in a fifth of the time and hardly optimised. The destructor waits for it: LLVM cannot be interrupted.
class NativeInBackground {
 public:
  NativeInBackground() = default;
  ~NativeInBackground();
  NativeInBackground(const NativeInBackground&) = delete;
  NativeInBackground& operator=(const NativeInBackground&) = delete;

  // Of the rules that the engine has now. Once; later calls do nothing.
  void Start(const Engine& engine, const NativeOptions& options = {});
  bool started() const { return thread_.joinable(); }
  bool running() const { return started() && !done_.load(std::memory_order_acquire); }
  // Meanwhile: whether the engine has the code that is hardly optimised.
  bool has_first() const { return has_first_.load(std::memory_order_acquire); }
  // After the end: whether the engine has its native code. If not, it goes on with what it had.
  const Status& status() const { return status_; }

 private:
  Status Run(Engine& engine, const Program& program, const NativeOptions& options);

  std::thread thread_;
  std::atomic<bool> has_first_{false};
  std::atomic<bool> done_{false};
  Status status_;
};

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_NATIVE_H_
