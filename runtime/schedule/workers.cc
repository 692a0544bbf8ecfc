#include "runtime/schedule/workers.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <algorithm>
#include <atomic>

namespace edict {

struct Workers::Impl {
  explicit Impl(unsigned threads)
      : allowed(oneapi::tbb::global_control::max_allowed_parallelism, threads), arena(static_cast<int>(threads)) {}

  // Pieces are few and large, and differ in size: whoever is free takes the next.
  void Take() {
    const auto one_more = [&] { return next.fetch_add(1, std::memory_order_acq_rel); };
    for (size_t i = one_more(); i < count; i = one_more()) (*work)(i);
    done.fetch_add(1, std::memory_order_release);
  }

  // As many as were asked for, also where there are fewer cores.
  oneapi::tbb::global_control allowed;
  oneapi::tbb::task_arena arena;
  // The job. oneTBB orders what is done before it and after; the two counters do so as well, for tools that do not see into it.
  const std::function<void(size_t)>* work = nullptr;
  size_t count = 0;
  std::atomic<size_t> next{0};
  std::atomic<size_t> done{0};
};

Workers::Workers(unsigned threads) : threads_(threads) {
  if (threads_ == 0) threads_ = static_cast<unsigned>(std::max(oneapi::tbb::info::default_concurrency(), 1));
  if (threads_ > 1) impl_ = std::make_unique<Impl>(threads_);
}
Workers::~Workers() = default;

void Workers::ForEach(size_t count, const std::function<void(size_t)>& work) {
  if (impl_ == nullptr || count < 2) {
    for (size_t i = 0; i < count; ++i) work(i);
    return;
  }
  Impl& impl = *impl_;
  impl.work = &work;
  impl.count = count;
  impl.next.store(0, std::memory_order_release);
  impl.arena.execute([&impl, threads = threads_] {
    oneapi::tbb::task_group group;
    for (size_t i = 1; i < std::min<size_t>(threads, impl.count); ++i) group.run([&impl] { impl.Take(); });
    impl.Take();
    group.wait();
  });
  (void)impl.done.load(std::memory_order_acquire);
}

}  // namespace edict
