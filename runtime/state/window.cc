#include "runtime/state/window.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "runtime/state/time_math.h"

namespace edict {
namespace {

double DoubleOf(uint64_t bits) {
  double v = 0;
  std::memcpy(&v, &bits, sizeof v);
  return v;
}

// Doubles in order of their size: -0.0 before 0.0, what is no number last.
int64_t OrderOf(uint64_t bits) {
  const auto word = static_cast<int64_t>(bits);
  return word < 0 ? static_cast<int64_t>(~bits | (uint64_t{1} << 63)) : word;
}

}  // namespace

WindowState::WindowState(const Window& declared, uint64_t seed)
    : declared_(declared), keys_(declared.key_count, seed), values_(1, seed) {}

WindowState::WindowState(WindowState&& old, const Window& declared)
    : declared_(declared),
      keys_(std::move(old.keys_)),
      series_(std::move(old.series_)),
      free_series_(std::move(old.free_series_)),
      leaving_(std::move(old.leaving_)),
      entries_(old.entries_),
      held_bytes_(old.held_bytes_),
      values_(std::move(old.values_)),
      interned_(std::move(old.interned_)),
      free_interned_(std::move(old.free_interned_)),
      reads_(old.reads_) {}

int64_t WindowState::StartOf(int64_t at) const {
  if (declared_.tumbling) return AlignedStart(at, declared_.length);
  const int64_t edge = Earlier(at, declared_.length);  // outside
  return edge == INT64_MIN ? edge : edge + 1;
}

bool WindowState::Before(const Entry& a, const Entry& b) const {
  if (a.time != b.time) return a.time < b.time;
  if (declared_.rep == Kind::kDouble) return OrderOf(a.value) < OrderOf(b.value);
  return static_cast<int64_t>(a.value) < static_cast<int64_t>(b.value);
}

// ---- reading -----------------------------------------------------------------------------------------------------

Value WindowState::Read(std::string_view key, int64_t at, uint32_t* walked) const {
  *walked = 0;
  const uint32_t found = keys_.Find(key);
  if (found == KeyTable::kNotFound) return Aggregate(nullptr, nullptr);
  const Series& series = series_[static_cast<size_t>(keys_.ValueOf(found).i)];
  const Entry* first = series.entries.data() + series.first;
  const Entry* last = series.entries.data() + series.entries.size();
  const Entry* begin = std::lower_bound(first, last, StartOf(at), [](const Entry& e, int64_t time) { return e.time < time; });
  const Entry* end = std::upper_bound(begin, last, at, [](int64_t time, const Entry& e) { return time < e.time; });
  const bool counts = declared_.function == WindowFunction::kCount || declared_.function == WindowFunction::kRate;
  if (!counts) *walked = static_cast<uint32_t>(std::min<ptrdiff_t>(end - begin, UINT32_MAX));
  return Aggregate(begin, end);
}

Value WindowState::Aggregate(const Entry* begin, const Entry* end) const {
  const auto less = [this](const Entry& a, const Entry& b) {
    return declared_.rep == Kind::kDouble ? OrderOf(a.value) < OrderOf(b.value)
                                          : static_cast<int64_t>(a.value) < static_cast<int64_t>(b.value);
  };
  switch (declared_.function) {
    case WindowFunction::kCount:
      return Value::Int(end - begin);
    case WindowFunction::kRate:
      return Value::Double(static_cast<double>(end - begin) * 1e9 / static_cast<double>(declared_.length));
    case WindowFunction::kDistinct:
      return Value::Int(static_cast<int64_t>(Distinct(begin, end)));
    case WindowFunction::kMin:
      return begin == end ? Value::Absent() : ValueOf(*std::min_element(begin, end, less));
    case WindowFunction::kMax:
      return begin == end ? Value::Absent() : ValueOf(*std::max_element(begin, end, less));
    case WindowFunction::kSum:
      break;
  }
  if (declared_.rep != Kind::kDouble) return SumOfInts(begin, end);
  double sum = 0;
  for (; begin != end; ++begin) sum += DoubleOf(begin->value);
  return Value::Double(std::isnan(sum) ? std::nan("") : sum);
}

Value WindowState::SumOfInts(const Entry* begin, const Entry* end) const {
  __int128 sum = 0;
  for (; begin != end; ++begin) sum += static_cast<int64_t>(begin->value);
  return sum < INT64_MIN || sum > INT64_MAX ? Value::Absent() : Value::Int(static_cast<int64_t>(sum));
}

uint64_t WindowState::Distinct(const Entry* begin, const Entry* end) const {
  if (++reads_ == 0) {  // the numbers are used up
    for (const Interned& value : interned_) value.seen = 0;
    reads_ = 1;
  }
  uint64_t count = 0;
  for (; begin != end; ++begin) {
    const Interned& value = interned_[begin->value];
    if (value.seen != reads_) ++count;
    value.seen = reads_;
  }
  return count;
}

Value WindowState::ValueOf(const Entry& entry) const {
  return declared_.rep == Kind::kDouble ? Value::Double(DoubleOf(entry.value)) : Value::Int(static_cast<int64_t>(entry.value));
}

// ---- changing ----------------------------------------------------------------------------------------------------

uint64_t WindowState::BitsOf(const Value& value) {
  switch (declared_.function) {
    case WindowFunction::kCount:
    case WindowFunction::kRate:
      return 0;
    case WindowFunction::kDistinct:
      return Intern(value);
    default:
      break;
  }
  if (declared_.rep != Kind::kDouble) return static_cast<uint64_t>(value.kind == Kind::kInt ? value.i : 0);
  double number = value.kind == Kind::kDouble ? value.d : value.kind == Kind::kInt ? static_cast<double>(value.i) : 0;
  if (std::isnan(number)) number = std::nan("");
  uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

uint64_t WindowState::Intern(const Value& value) {
  encoded_.clear();
  EncodeKey(value, encoded_);
  bool inserted = false;
  const uint32_t found = values_.FindOrInsert(encoded_, &inserted);
  if (inserted) {
    uint32_t number = static_cast<uint32_t>(interned_.size());
    if (free_interned_.empty()) {
      interned_.emplace_back();
    } else {
      number = free_interned_.back();
      free_interned_.pop_back();
    }
    interned_[number].encoded = encoded_;
    held_bytes_ += interned_[number].encoded.capacity();
    values_.SetValue(found, Value::Int(number));
  }
  const auto number = static_cast<size_t>(values_.ValueOf(found).i);
  ++interned_[number].uses;
  return number;
}

void WindowState::Release(uint64_t number) {
  Interned& value = interned_[number];
  if (--value.uses != 0) return;
  values_.Erase(values_.Find(value.encoded));
  held_bytes_ -= value.encoded.capacity();
  std::string().swap(value.encoded);
  value.seen = 0;
  free_interned_.push_back(static_cast<uint32_t>(number));
}

uint32_t WindowState::NewSeries(std::string_view key) {
  auto number = static_cast<uint32_t>(series_.size());
  if (free_series_.empty()) {
    series_.emplace_back();
  } else {
    number = free_series_.back();
    free_series_.pop_back();
  }
  series_[number].key = key;
  held_bytes_ += series_[number].key.capacity();
  return number;
}

WindowState::Outcome WindowState::Add(std::string_view key, int64_t at, const Value& value) {
  if (entries_ >= declared_.bound_entries) return Outcome::kEntriesFull;
  uint32_t found = keys_.Find(key);
  if (found == KeyTable::kNotFound) {
    if (declared_.key_count != 0 && keys_.size() >= declared_.bound_keys) return Outcome::kKeysFull;
    bool inserted = false;
    found = keys_.FindOrInsert(key, &inserted);
    keys_.SetValue(found, Value::Int(NewSeries(key)));
  }
  const auto number = static_cast<uint32_t>(keys_.ValueOf(found).i);
  Series& series = series_[number];
  const size_t capacity = series.entries.capacity();
  const Entry entry{at, BitsOf(value)};
  // Events come nearly in order: the place is at the end or close to it.
  auto place = series.entries.end();
  const auto first = series.entries.begin() + static_cast<ptrdiff_t>(series.first);
  if (place != first && Before(entry, *(place - 1))) {
    place = std::upper_bound(first, place, entry, [this](const Entry& a, const Entry& b) { return Before(a, b); });
  }
  series.entries.insert(place, entry);
  held_bytes_ += (series.entries.capacity() - capacity) * sizeof(Entry);
  leaving_.push_back({at, number});
  std::push_heap(leaving_.begin(), leaving_.end(), [](const Leaving& a, const Leaving& b) { return a.time > b.time; });
  ++entries_;
  return Outcome::kAdded;
}

void WindowState::DropFirst(uint32_t number) {
  Series& series = series_[number];
  if (declared_.function == WindowFunction::kDistinct) Release(series.entries[series.first].value);
  ++series.first;
  --entries_;
  if (series.first == series.entries.size()) {
    keys_.Erase(keys_.Find(series.key));
    held_bytes_ -= series.entries.capacity() * sizeof(Entry) + series.key.capacity();
    std::vector<Entry>().swap(series.entries);
    std::string().swap(series.key);
    series.first = 0;
    free_series_.push_back(number);
  } else if (series.first >= 32 && series.first * 2 >= series.entries.size()) {
    series.entries.erase(series.entries.begin(), series.entries.begin() + static_cast<ptrdiff_t>(series.first));
    series.first = 0;
  }
}

// Of one key the earliest entry in the heap has the time of the first in its series.
void WindowState::Expire(int64_t watermark) {
  const int64_t start = StartOf(watermark);
  while (!leaving_.empty() && leaving_.front().time < start) {
    DropFirst(leaving_.front().series);
    std::pop_heap(leaving_.begin(), leaving_.end(), [](const Leaving& a, const Leaving& b) { return a.time > b.time; });
    leaving_.pop_back();
  }
}

void WindowState::Rebase(int64_t time) {
  for (Series& series : series_) {
    for (Entry& entry : series.entries) entry.time = time;
    std::sort(series.entries.begin(), series.entries.end(), [this](const Entry& a, const Entry& b) { return Before(a, b); });
  }
  for (Leaving& leaving : leaving_) leaving.time = time;
}

void WindowState::Clear() {
  keys_.Clear();
  values_.Clear();
  std::vector<Series>().swap(series_);
  std::vector<uint32_t>().swap(free_series_);
  std::vector<Leaving>().swap(leaving_);
  std::vector<Interned>().swap(interned_);
  std::vector<uint32_t>().swap(free_interned_);
  entries_ = 0;
  held_bytes_ = 0;
}

uint64_t WindowState::bytes() const {
  return keys_.bytes() + values_.bytes() + held_bytes_ + series_.capacity() * sizeof(Series) +
         leaving_.capacity() * sizeof(Leaving) + interned_.capacity() * sizeof(Interned) +
         (free_series_.capacity() + free_interned_.capacity()) * sizeof(uint32_t);
}

// Arrays are up to twice as large as what they hold; a series up to four times, where its first half has left.
uint64_t WindowState::MostBytes(const Window& window) {
  const uint64_t entries = window.bound_entries;
  const uint64_t keys = window.key_count == 0 ? 1 : std::min(window.bound_keys, entries);
  const uint64_t values = window.function == WindowFunction::kDistinct ? entries : 0;
  return entries * (4 * sizeof(Entry) + 2 * sizeof(Leaving)) + keys * 2 * (sizeof(Series) + sizeof(uint32_t)) +
         KeyTable::MostBytes(keys) + values * 2 * (sizeof(Interned) + sizeof(uint32_t)) + KeyTable::MostBytes(values);
}

}  // namespace edict
