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

  // As many as were asked for, also where there are fewer cores.
  oneapi::tbb::global_control allowed;
  oneapi::tbb::task_arena arena;
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
  // Pieces are few and large, and differ in size: whoever is free takes the next. oneTBB orders what is done before and after; the
  // two counters do so as well, for tools that do not see into it.
  std::atomic<size_t> next;
  std::atomic<size_t> done{0};
  next.store(0, std::memory_order_release);
  const auto take = [&] {
    const auto one_more = [&] { return next.fetch_add(1, std::memory_order_acq_rel); };
    for (size_t i = one_more(); i < count; i = one_more()) work(i);
    done.fetch_add(1, std::memory_order_release);
  };
  impl_->arena.execute([&] {
    oneapi::tbb::task_group group;
    for (size_t i = 1; i < std::min<size_t>(threads_, count); ++i) group.run(take);
    take();
    group.wait();
  });
  (void)done.load(std::memory_order_acquire);
}

}  // namespace edict
