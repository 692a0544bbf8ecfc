// AG-UI traffic made up for measuring: streams of events as agents send them, with the mix of event types, the sizes and the
// kinds of ids of recorded ones. The same options give the same bytes everywhere.
#ifndef EDICT_BENCH_TRAFFIC_H_
#define EDICT_BENCH_TRAFFIC_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace edict::bench {

// A generator of its own, since those of <random> are not the same everywhere: SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}
  uint64_t Next();
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>((Next() >> 32) * n >> 32); }
  bool Chance(double probability) { return Fraction() < probability; }
  double Fraction() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  // A whole number from 0 to twice the mean.
  uint32_t Around(double mean);

 private:
  uint64_t state_;
};

// NDJSON in memory, with what judging it must find.
struct Traffic {
  std::string text;  // every line ends with \n; at least 64 bytes more are allocated
  uint64_t events = 0;
  uint64_t invalid = 0;  // events that agui.verify holds something against
};

struct TrafficOptions {
  uint64_t events = 200'000;  // at least: the last run is completed
  uint64_t seed = 1;
  // All in one run, so that ids pile up; false: a run has about 117 events.
  bool one_run = false;
  // The members of every event in an order of its own; false: `type` first, then always the same.
  bool shuffled = false;
};

Traffic MakeTraffic(const TrafficOptions& options);

// The same with `share` (0 to 1) of its events replaced by invalid ones of several kinds, evenly spread, none of which makes a
// later event invalid. The share may be up to 0.5; 1 replaces all.
Traffic Break(const Traffic& valid, double share, uint64_t seed);

// The lines of `text`, without their ends.
std::vector<std::string_view> Lines(std::string_view text);

}  // namespace edict::bench

#endif  // EDICT_BENCH_TRAFFIC_H_
