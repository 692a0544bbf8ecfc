#include "runtime/helpers.h"

#include <mutex>

#include "runtime/schedule/workers.h"

namespace edict {
namespace {

class WorkerHelpers final : public Helpers {
 public:
  explicit WorkerHelpers(unsigned threads) : workers_(threads) {}

  unsigned threads() const override { return workers_.threads(); }
  bool ForEach(size_t count, const std::function<void(size_t)>& work) override {
    const std::unique_lock<std::mutex> lock(busy_, std::try_to_lock);
    if (!lock.owns_lock()) return false;
    workers_.ForEach(count, work);
    return true;
  }

 private:
  std::mutex busy_;
  Workers workers_;
};

}  // namespace

std::shared_ptr<Helpers> MakeHelpers(unsigned threads) { return std::make_shared<WorkerHelpers>(threads); }

}  // namespace edict
