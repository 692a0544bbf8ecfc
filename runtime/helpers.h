// Helpers: threads that a stream may have help from while it judges one event. They change no finding.
//
//   const std::shared_ptr<edict::Helpers> helpers = edict::MakeHelpers(0);
//   stream.UseHelpers(helpers);   // of several streams, one at a time is helped
#ifndef EDICT_RUNTIME_HELPERS_H_
#define EDICT_RUNTIME_HELPERS_H_

#include <cstddef>
#include <functional>
#include <memory>

namespace edict {

// For any thread.
class Helpers {
 public:
  virtual ~Helpers() = default;
  // The caller's among them.
  virtual unsigned threads() const = 0;
  // Calls work(0) to work(count - 1), each once, by whatever thread, and returns when all are done. `work` does not throw. False:
  // they are busy, and nothing was called.
  virtual bool ForEach(size_t count, const std::function<void(size_t)>& work) = 0;
};

// Of threads of their own, beside the caller's (oneTBB). 0: as many as there are cores. They are started when they are needed.
std::shared_ptr<Helpers> MakeHelpers(unsigned threads);

}  // namespace edict

#endif  // EDICT_RUNTIME_HELPERS_H_
