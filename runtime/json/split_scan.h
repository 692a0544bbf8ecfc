// A large value of which nothing matters but that it is JSON, scanned by several threads. Its text is cut where an element or
// member of some container seems to begin, and each piece is scanned as if one did. A piece ends where the next one begins, if that
// is indeed between two elements; else it goes on. What the pieces found is then fitted together: whether each closes what is open.
#ifndef EDICT_RUNTIME_JSON_SPLIT_SCAN_H_
#define EDICT_RUNTIME_JSON_SPLIT_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace edict::json {

// One thread at a time uses it; it keeps its memory.
class SplitScan {
 public:
  static constexpr uint64_t kFlat = 8;
  // Calls each of `count` pieces of work once, in any order, maybe at once. False: it has called none.
  using ForEach = std::function<bool(size_t count, const std::function<void(size_t)>& work)>;
  struct Sizes {
    // What a value begins with is scanned by the caller alone: most end there.
    size_t alone = 64u << 10;
    // No piece is smaller.
    size_t piece = 128u << 10;
  };

  SplitScan() = default;
  explicit SplitScan(Sizes sizes) : sizes_(sizes) {}

  // As ScanValue (scan.h); null also where the nesting comes within kFlat levels of `depth`. `end`: a place up to where the value
  // and what follows it may be read; the value may end before. `pieces`: so many at most.
  const char* Scan(const char* at, const char* end, uint64_t depth, size_t pieces, const ForEach& for_each);
  // Whether the last value was cut.
  bool was_cut() const { return was_cut_; }

 private:
  enum class Within : uint8_t { kUnknown, kArray, kObject };
  // A container that was open before the piece and is closed in it.
  struct Closed {
    Within what;
    const char* behind;
  };
  struct Piece {
    const char* begin = nullptr;  // the first byte of an element or member
    std::vector<Closed> closed;
    std::vector<Within> open;         // by this piece, the innermost last
    Within outer = Within::kUnknown;  // the innermost of the others, as far as it shows
    int64_t level = 0;                // containers opened, less those closed
    int64_t most_levels = 0;
    size_t next = 0;            // the piece that begins where this one ends; none: it has come to an end by itself
    const char* end = nullptr;  // there

    void Begin(const char* at);
    Within within() const { return open.empty() ? outer : open.back(); }
  };

  Piece& Add(const char* begin);
  void Cut(const char* begin, size_t pieces);
  static const char* Open(Piece& piece, const char* at, bool* empty);
  static bool Close(Piece& piece, const char* at);
  static const char* ToValue(Piece& piece, const char* at, bool* passed);
  // From an element or member on. `enough`: where the next piece may begin, or the first one may end.
  void Run(size_t number, const char* at, const char* enough);
  const char* Fit();

  Sizes sizes_;
  std::vector<Piece> pieces_;  // as many as there ever were; the first `count_` are those of this value
  size_t count_ = 0;
  const char* end_ = nullptr;
  uint64_t depth_ = 0;
  std::vector<Within> open_;
  bool was_cut_ = false;
};

}  // namespace edict::json

#endif  // EDICT_RUNTIME_JSON_SPLIT_SCAN_H_
