// Coverage for libFuzzer from code that g++ instruments with -fsanitize-coverage=trace-pc: g++ calls
// __sanitizer_cov_trace_pc at every edge, libFuzzer reads 8-bit counters. The program is linked with
// --wrap=__sanitizer_cov_trace_pc, so those calls come here. (trace-cmp's calls go to libFuzzer as they are.)
#include <cstddef>
#include <cstdint>

extern "C" {

void __sanitizer_cov_8bit_counters_init(uint8_t* start, uint8_t* stop);
void __sanitizer_cov_pcs_init(const uintptr_t* start, const uintptr_t* stop);
void __wrap___sanitizer_cov_trace_pc();
// Comparisons of floating point, which g++ traces and libFuzzer does not know.
void __sanitizer_cov_trace_cmpf(float, float) {}
void __sanitizer_cov_trace_cmpd(double, double) {}
}

namespace {

// Edges share counters where their addresses collide. The tree has some 150,000 edges, of which one run touches a tenth.
constexpr size_t kCounters = size_t{1} << 18;
uint8_t counters[kCounters];
// libFuzzer wants the address and flags of every counter. Ours have no one address: their index stands for it.
uintptr_t places[kCounters][2];

struct Registration {
  Registration() {
    for (size_t i = 0; i < kCounters; ++i) places[i][0] = i + 1;
    __sanitizer_cov_8bit_counters_init(counters, counters + kCounters);
    __sanitizer_cov_pcs_init(&places[0][0], &places[0][0] + 2 * kCounters);
  }
} registration;

}  // namespace

extern "C" void __wrap___sanitizer_cov_trace_pc() {
  auto address = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  // Addresses of one build keep their distances wherever it is loaded, but the load address must not decide who collides.
  auto offset = static_cast<uint32_t>(address - reinterpret_cast<uintptr_t>(&__wrap___sanitizer_cov_trace_pc));
  uint8_t& counter = counters[(offset * 2654435761u) >> 14];
  if (counter != 255) ++counter;
}
