// Tier 0's code: for each node of a Program a step, with the function that evaluates it, chosen once by the node's operation and
// the static kinds of its operands (call threading with typed operations). Steps mean what WalkNode does, word by word and fuel by
// fuel: what a step does not do itself (errors, operands of other kinds than promised, rare operations) it leaves to the same
// functions.
#ifndef EDICT_RUNTIME_INTERP_THREADED_CODE_H_
#define EDICT_RUNTIME_INTERP_THREADED_CODE_H_

#include <vector>

#include "runtime/interp/interp.h"

namespace edict {

// Made in time linear in the nodes. Immutable; shared by threads. The Program must outlive it.
class ThreadedCode {
 public:
  explicit ThreadedCode(const Program& program);
  ThreadedCode(const ThreadedCode&) = delete;
  ThreadedCode& operator=(const ThreadedCode&) = delete;

  // By node, for Frame::code.
  const Step* steps() const { return steps_.data(); }

 private:
  std::vector<Step> steps_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_INTERP_THREADED_CODE_H_
