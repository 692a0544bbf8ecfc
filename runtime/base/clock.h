// What looking at the clock takes.
#ifndef EDICT_RUNTIME_BASE_CLOCK_H_
#define EDICT_RUNTIME_BASE_CLOCK_H_

#include <algorithm>
#include <chrono>

namespace edict {

// Nanoseconds that two looks at the clock, with nothing between them, are apart: the least of so many.
inline double ClockNanoseconds(int looks) {
  using Clock = std::chrono::steady_clock;
  auto least = std::chrono::nanoseconds::max();
  for (int i = 0; i < looks; ++i) {
    const Clock::time_point start = Clock::now();
    least = std::min(least, std::chrono::nanoseconds(Clock::now() - start));
  }
  return static_cast<double>(least.count());
}

}  // namespace edict

#endif  // EDICT_RUNTIME_BASE_CLOCK_H_
