// A yardstick, no part of judging: simdjson's On-Demand reader visits every value of NDJSON lines, and does nothing with them
// but add them up. What takes no more time than that is as fast as merely reading the JSON.
#ifndef EDICT_RUNTIME_JSON_VISIT_H_
#define EDICT_RUNTIME_JSON_VISIT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace edict {

// What a visit saw, so that nobody times one that saw less.
struct JsonTotals {
  uint64_t documents = 0;
  uint64_t faulty = 0;      // documents that end in a fault; what stands before it in them is counted
  uint64_t values = 0;      // arrays and objects, too
  uint64_t text_bytes = 0;  // of strings, unescaped, without keys
  double number_sum = 0;    // in order, as doubles
  bool operator==(const JsonTotals&) const = default;
};

// Bytes behind the text of a visit that belong to the same allocation: they are read, and mean nothing.
inline constexpr size_t kVisitPadding = 64;

// Reusable; a warm one allocates nothing. One thread at a time; On-Demand's own threads are not used.
class JsonVisitor {
 public:
  // On-Demand's code is compiled for AVX2 on x86-64, as whoever wants to be fast does. False: the machine has none, and
  // nothing else here may be called.
  static bool Supported();

  JsonVisitor();
  ~JsonVisitor();
  JsonVisitor(const JsonVisitor&) = delete;
  JsonVisitor& operator=(const JsonVisitor&) = delete;

  // One document a line, each parsed by itself: a fault spoils only its line. Lines of white space are none.
  JsonTotals VisitLines(std::string_view lines);
  // All lines by iterate_many, which indexes `batch_bytes` at a time, or more if a line is longer. Only for lines of which
  // VisitLines has found none faulty: simdjson 3.0.1 reads through a null pointer behind some faults.
  JsonTotals VisitMany(std::string_view lines, size_t batch_bytes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_JSON_VISIT_H_
