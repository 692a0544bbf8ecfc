// A fixed number of threads that take the pieces of one job (oneTBB). The only folder that includes it.
#ifndef EDICT_RUNTIME_SCHEDULE_WORKERS_H_
#define EDICT_RUNTIME_SCHEDULE_WORKERS_H_

#include <cstddef>
#include <functional>
#include <memory>

namespace edict {

class Workers {
 public:
  // 0: as many as there are cores. 1: the caller's thread alone, and no other is ever started.
  explicit Workers(unsigned threads);
  ~Workers();

  unsigned threads() const { return threads_; }
  // Calls work(0) to work(count - 1), each once, in about this order, and returns when all are done. `work` does not throw.
  void ForEach(size_t count, const std::function<void(size_t)>& work);

 private:
  struct Impl;
  unsigned threads_;
  std::unique_ptr<Impl> impl_;  // null: one thread
};

}  // namespace edict

#endif  // EDICT_RUNTIME_SCHEDULE_WORKERS_H_
