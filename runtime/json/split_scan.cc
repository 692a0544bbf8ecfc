#include "runtime/json/split_scan.h"

#include <algorithm>
#include <cstring>

#include "runtime/json/scalar.h"
#include "runtime/json/scan.h"

namespace edict::json {
namespace {

// Containers of so few bytes and levels are scanned as wholes.
constexpr size_t kSmall = 8u << 10;

// Blanks are rare.
const char* Behind(const char* at) { return static_cast<unsigned char>(*at) <= ' ' ? ScanSpace(at) : at; }

bool EndsValue(char c) { return c == '"' || c == '}' || c == ']' || IsDigit(c) || c == 'e' || c == 'l'; }
bool BeginsValue(char c) { return c == '"' || c == '{' || c == '[' || c == '-' || IsDigit(c) || c == 't' || c == 'f' || c == 'n'; }

// Behind a comma in the text that looks as if it were one between elements or members; null: there is none.
const char* LikelyPlace(const char* at, const char* end) {
  for (;; ++at) {
    at = static_cast<const char*>(std::memchr(at, ',', static_cast<size_t>(end - at)));
    if (at == nullptr) return nullptr;
    const bool in_text = at[-1] == '"' && at[-2] == '\\';
    if (in_text || !EndsValue(at[-1])) continue;
    const char* const next = ScanSpace(at + 1);
    if (BeginsValue(*next)) return next;
  }
}

}  // namespace

void SplitScan::Piece::Begin(const char* at) {
  begin = at;
  closed.clear();
  open.clear();
  outer = Within::kUnknown;
  level = most_levels = 0;
  next = 0;
  end = nullptr;
}

// What stands in the braces or brackets, or that there is nothing.
const char* SplitScan::Open(Piece& piece, const char* at, bool* empty) {
  const bool object = *at == '{';
  piece.open.push_back(object ? Within::kObject : Within::kArray);
  piece.most_levels = std::max(piece.most_levels, ++piece.level);
  at = Behind(at + 1);
  *empty = *at == (object ? '}' : ']');
  return at;
}

// False: something else is open.
bool SplitScan::Close(Piece& piece, const char* at) {
  const Within what = *at == '}' ? Within::kObject : Within::kArray;
  const Within within = piece.within();
  if (within != what && within != Within::kUnknown) return false;
  --piece.level;
  if (piece.open.empty()) {
    piece.closed.push_back({what, at + 1});
    piece.outer = Within::kUnknown;
  } else {
    piece.open.pop_back();
  }
  return true;
}

// The value of the element or member that begins there; null: there is none. Where a string turns out to be an element, what
// follows it.
const char* SplitScan::ToValue(Piece& piece, const char* at, bool* passed) {
  *passed = false;
  const Within within = piece.within();
  if (within == Within::kArray) return at;
  if (*at != '"') {
    if (within == Within::kObject) return nullptr;
    piece.outer = Within::kArray;
    return at;
  }
  const char* end = ScanString(at + 1).end;
  if (end == nullptr) return nullptr;
  end = Behind(end);
  if (*end == ':') {
    if (within == Within::kUnknown) piece.outer = Within::kObject;
    return Behind(end + 1);
  }
  if (within == Within::kObject) return nullptr;
  piece.outer = Within::kArray;
  *passed = true;
  return end;
}

void SplitScan::Run(size_t number, const char* at, const char* enough) {
  Piece& piece = pieces_[number];
  size_t next = number + 1;
  // Then the value has ended.
  const size_t most_closed = number == 1 ? pieces_[0].open.size() : depth_;
  for (;;) {
    bool passed = false;
    at = ToValue(piece, at, &passed);
    if (at == nullptr) return;
    if (!passed) {
      const bool container = *at == '{' || *at == '[';
      // Most containers are small and are scanned in one go.
      const uint64_t levels = number == 0 ? std::min(kFlat, depth_ - piece.open.size()) : kFlat;
      const char* behind = container ? ScanValueUpTo(at, levels, std::min(at + kSmall, enough)) : nullptr;
      if (behind != nullptr) {
        piece.most_levels = std::max(piece.most_levels, piece.level + static_cast<int64_t>(levels));
        at = Behind(behind);
      } else if (container) {
        bool empty = false;
        at = Open(piece, at, &empty);
        if (piece.open.size() > depth_) return;
        if (!empty) continue;
      } else {
        at = ScanValue(at, 0);
        if (at == nullptr) return;
        at = Behind(at);
      }
    }
    for (; *at == '}' || *at == ']'; at = Behind(at + 1)) {
      if (!Close(piece, at) || piece.closed.size() == most_closed) return;
      if (number == 0 && piece.open.empty()) {
        piece.end = at + 1;
        return;
      }
    }
    if (*at != ',') return;
    at = Behind(at + 1);
    if (at < enough) continue;
    while (next < count_ && pieces_[next].begin < at) ++next;
    if (number == 0 || (next < count_ && pieces_[next].begin == at)) {
      piece.next = next;
      piece.end = at;
      return;
    }
    enough = next < count_ ? pieces_[next].begin : end_;
  }
}

SplitScan::Piece& SplitScan::Add(const char* begin) {
  if (count_ == pieces_.size()) pieces_.emplace_back();
  Piece& piece = pieces_[count_++];
  piece.Begin(begin);
  return piece;
}

void SplitScan::Cut(const char* begin, size_t pieces) {
  Add(begin);
  const auto left = static_cast<size_t>(end_ - begin);
  const size_t step = std::max(left / std::max<size_t>(pieces, 1), sizes_.piece);
  for (const char* at = begin; static_cast<size_t>(end_ - at) >= 2 * step; at += step) {
    const char* const place = LikelyPlace(at + step, at + 2 * step);
    if (place != nullptr && place > pieces_[count_ - 1].begin) Add(place);
  }
}

// Behind the value; null: it is no JSON.
const char* SplitScan::Fit() {
  open_.clear();
  for (size_t number = 0;;) {
    const Piece& piece = pieces_[number];
    if (static_cast<int64_t>(open_.size()) + piece.most_levels > static_cast<int64_t>(depth_)) return nullptr;
    for (const Closed& closed : piece.closed) {
      if (open_.back() != closed.what) return nullptr;
      open_.pop_back();
      if (open_.empty()) return closed.behind;
    }
    if (piece.next == 0) return number == 0 ? piece.end : nullptr;
    if (piece.outer != Within::kUnknown && piece.outer != open_.back()) return nullptr;
    open_.insert(open_.end(), piece.open.begin(), piece.open.end());
    number = piece.next;
  }
}

const char* SplitScan::Scan(const char* at, const char* end, uint64_t depth, size_t pieces, const ForEach& for_each) {
  was_cut_ = false;
  if (depth == 0 || (*at != '{' && *at != '[')) return ScanValue(at, depth);
  end_ = end;
  depth_ = depth;
  count_ = 0;
  Piece& first = Add(at);
  bool empty = false;
  const char* const inside = Open(first, at, &empty);
  if (empty) return inside + 1;
  Run(0, inside, at + sizes_.alone);
  if (pieces_[0].next == 0) return pieces_[0].end;
  Cut(pieces_[0].end, pieces);
  was_cut_ = count_ > 2;
  const auto run = [this](size_t i) { Run(i + 1, pieces_[i + 1].begin, i + 2 < count_ ? pieces_[i + 2].begin : end_); };
  if (!was_cut_ || !for_each(count_ - 1, run)) {
    // One after the other, those alone that are needed.
    for (size_t i = 1; i != 0; i = pieces_[i].next) run(i - 1);
  }
  return Fit();
}

}  // namespace edict::json
