#include "runtime/state/stream_state.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

namespace edict {
namespace {

constexpr uint64_t kEntryBytes = KeyTable::kEntryBytes;

bool IsScalar(const Value& v) {
  return v.kind != Kind::kList && v.kind != Kind::kMap && v.kind != Kind::kOptional && v.kind != Kind::kType &&
         v.kind != Kind::kError;
}

// Keys are held in canonical form, where 1u and 1.0 are the int 1: back to the declared kind.
Value AsKind(Value key, Kind rep) {
  if (key.kind == Kind::kInt && rep == Kind::kUint) return Value::Uint(static_cast<uint64_t>(key.i));
  if (key.kind == Kind::kInt && rep == Kind::kDouble) return Value::Double(static_cast<double>(key.i));
  if (key.kind == Kind::kUint && rep == Kind::kDouble) return Value::Double(static_cast<double>(key.u));
  return key;
}

// Bytes of a key that is looked up, until the next. Of the thread: not worth a string in every stream.
std::string& KeyScratch() {
  thread_local std::string scratch;
  scratch.clear();
  return scratch;
}

// False: what cannot be a key.
bool EncodeKeys(const Value* keys, uint32_t count, std::string& out) {
  for (uint32_t i = 0; i < count; ++i) {
    if (!EncodeKey(keys[i], out)) return false;
  }
  return true;
}

// A key or an entry's value that was absent is optional.none() where expressions see it.
Value Visible(const Value& v) { return v.kind == Kind::kAbsent ? Value::Optional(nullptr) : v; }

}  // namespace

bool PendingWrites::Add(EffectKind kind, uint32_t target, const Value* keys, uint32_t key_count, const Value& value,
                        uint32_t source, uint32_t member) {
  const auto begin = static_cast<uint32_t>(bytes_.size());
  for (uint32_t i = 0; i < key_count; ++i) {
    if (!EncodeKey(keys[i], bytes_)) {
      bytes_.resize(begin);
      return false;
    }
  }
  const bool of_document = kind >= EffectKind::kDocumentSet;
  const bool is_empty = value.kind == Kind::kOptional && value.inner == nullptr;
  const Value& kept = of_document || value.kind != Kind::kOptional || is_empty ? value : *value.inner;
  if (!of_document && !is_empty && !IsScalar(kept)) {
    bytes_.resize(begin);
    return false;
  }
  // In its place at once: written in parts and then copied as a whole, it would be waited for.
  Write& write = writes_.emplace_back();
  write.kind = kind;
  write.target = target;
  write.source = source;
  write.member = member;
  write.key = begin;
  write.key_bytes = static_cast<uint32_t>(bytes_.size()) - begin;
  write.value = !of_document && is_empty ? Value::Absent() : kept;
  write.has_text = !of_document && HasText(kept);
  if (write.has_text) {
    write.value.u = bytes_.size();
    bytes_.append(kept.text());
  }
  return true;
}

void PendingWrites::Clear() {
  writes_.clear();
  bytes_.clear();
  if (bytes_.capacity() > (1 << 20)) bytes_.shrink_to_fit();
}

void PendingWrites::Save(size_t first, std::string& writes, std::string& bytes) const {
  static_assert(std::is_trivially_copyable_v<Write>);
  if (first == writes_.size()) return;
  const uint32_t base = writes_[first].key;  // a write's bytes begin with its key
  const uint64_t moves = bytes.size() - base;
  for (size_t i = first; i < writes_.size(); ++i) {
    Write write = writes_[i];
    write.Move(moves);
    writes.append(reinterpret_cast<const char*>(&write), sizeof write);
  }
  bytes.append(bytes_, base);
}

void PendingWrites::Join(std::string_view writes, std::string_view bytes, std::string& all_writes, std::string& all_bytes) {
  const size_t first = all_writes.size();
  all_writes.append(writes);
  for (size_t at = first; at < all_writes.size(); at += sizeof(Write)) {
    Write write;
    std::memcpy(static_cast<void*>(&write), all_writes.data() + at, sizeof write);
    write.Move(all_bytes.size());
    std::memcpy(all_writes.data() + at, &write, sizeof write);
  }
  all_bytes.append(bytes);
}

void PendingWrites::Truncate(size_t count) {
  if (count >= writes_.size()) return;
  bytes_.resize(writes_[count].key);
  writes_.resize(count);
}

void PendingWrites::AddSaved(std::string_view writes, std::string_view bytes) {
  if (writes.empty()) return;
  const size_t first = writes_.size();
  writes_.resize(first + writes.size() / sizeof(Write));
  std::memcpy(static_cast<void*>(writes_.data() + first), writes.data(), writes.size());
  for (size_t i = first; i < writes_.size(); ++i) writes_[i].Move(bytes_.size());
  bytes_.append(bytes);
}

Value PendingWrites::ValueOf(const Write& write) const {
  Value value = write.value;
  if (write.has_text) value.s = bytes_.data() + value.u;
  return value;
}

void StreamState::Prefetch() const {
  constexpr size_t kLine = 64;
  constexpr size_t kLines = 3;    // of a table: most are small
  constexpr size_t kTables = 16;  // that are looked at
  const auto prefetch = [](const KeyTable& table) {
    const char* const memory = static_cast<const char*>(table.memory());
    if (memory == nullptr) return;
    for (size_t line = 0; line < kLines; ++line) __builtin_prefetch(memory + line * kLine);
  };
  for (const Life& life : lives().first(std::min(lives().size(), kTables))) prefetch(life.table);
  for (const KeyTable& table : tables().first(std::min(tables().size(), kTables))) prefetch(table);
}

// ---- reading -----------------------------------------------------------------------------------------------------

Value StreamState::Cell(uint32_t cell) const { return scalars()[layout_->index[cell]]; }

Value StreamState::Entry(uint32_t cell, const Value& key) const {
  std::string& encoded = KeyScratch();
  if (!EncodeKey(key, encoded)) return Value::Absent();
  const KeyTable& table = TableOf(cell);
  const uint32_t entry = table.Find(encoded);
  return entry == KeyTable::kNotFound ? Value::Absent() : Visible(table.ValueOf(entry));
}

bool StreamState::EntryHas(uint32_t cell, const Value& key) const {
  std::string& encoded = KeyScratch();
  return EncodeKey(key, encoded) && TableOf(cell).Find(encoded) != KeyTable::kNotFound;
}

uint32_t StreamState::CellSize(uint32_t cell) const { return TableOf(cell).size(); }

Value StreamState::CellKeys(uint32_t cell, Arena& arena) const {
  const KeyTable& table = TableOf(cell);
  Value* items = arena.AllocateArray<Value>(table.size());
  uint32_t n = 0;
  for (uint32_t e = table.First(); e != KeyTable::kNotFound; e = table.Next(e)) {
    table.KeysOf(e, &items[n]);
    items[n] = Visible(AsKind(items[n], program().cells[cell].key_rep));
    ++n;
  }
  return Value::List(items, n);
}

uint32_t StreamState::FindLife(uint32_t lifecycle, const Value* keys) const {
  const KeyTable& table = lives()[lifecycle].table;
  std::string& encoded = KeyScratch();
  return EncodeKeys(keys, table.key_count(), encoded) ? table.Find(encoded) : KeyTable::kNotFound;
}

uint32_t StreamState::LifeState(uint32_t lifecycle, const Value* keys) const {
  if (lives()[lifecycle].table.key_count() == 1 && keys->kind == Kind::kString) return LifeStateOf(lifecycle, keys->text());
  const uint32_t entry = FindLife(lifecycle, keys);
  return entry == KeyTable::kNotFound ? 0 : static_cast<uint32_t>(lives()[lifecycle].table.ValueOf(entry).i);
}

uint32_t StreamState::KeepRecord(uint32_t lifecycle, const Value* keys) const {
  const uint32_t entry = FindLife(lifecycle, keys);
  return entry == KeyTable::kNotFound ? 0 : lives()[lifecycle].table.ValueOf(entry).size;
}

Value StreamState::LifeKeep(uint32_t lifecycle, uint32_t keep, const Value* keys) const {
  return lives()[lifecycle].keeps->Get(KeepRecord(lifecycle, keys), keep);
}

bool StreamState::LifeComplete(uint32_t lifecycle, uint32_t keep, const Value* keys) const {
  return lives()[lifecycle].keeps->Complete(KeepRecord(lifecycle, keys), keep);
}

uint64_t StreamState::LifeCount(uint32_t lifecycle, uint32_t state) const {
  if (state == kNone) return lives()[lifecycle].table.size();
  const std::span<const uint32_t> counts = this->counts(lifecycle);
  return state < counts.size() ? counts[state] : 0;
}

Value StreamState::LifeKeys(uint32_t lifecycle, uint32_t state, Arena& arena) const {
  const KeyTable& table = lives()[lifecycle].table;
  const uint32_t width = table.key_count();
  const uint32_t count = static_cast<uint32_t>(LifeCount(lifecycle, state));
  if (count == 0) return Value::List(nullptr, 0);
  Value* items = arena.AllocateArray<Value>(count);
  uint32_t n = 0;
  for (uint32_t e = table.First(); e != KeyTable::kNotFound && n < count; e = table.Next(e)) {
    if (state != kNone && table.ValueOf(e).i != static_cast<int64_t>(state)) continue;
    Value* keys = width == 1 ? &items[n] : arena.AllocateArray<Value>(width);
    table.KeysOf(e, keys);
    for (uint32_t i = 0; i < width; ++i) keys[i] = Visible(keys[i]);
    if (width != 1) items[n] = Value::List(keys, width);
    ++n;
  }
  return Value::List(items, n);
}

// What cannot be a key never was one.
Value StreamState::Window(uint32_t window, const Value* keys, uint32_t* walked) const {
  std::string& encoded = KeyScratch();
  if (!EncodeKeys(keys, program().windows[window].key_count, encoded)) encoded = '\x7f';
  return timed_.Read(window, encoded, walked);
}

bool StreamState::Armed(uint32_t timer, const Value* keys) const {
  std::string& encoded = KeyScratch();
  return EncodeKeys(keys, program().timers[timer].key_count, encoded) && timed_.Armed(timer, encoded);
}

// ---- writing -----------------------------------------------------------------------------------------------------

void StreamState::Commit(const PendingWrites& writes, std::vector<RefusedWrite>& refused) {
  OpenScopes(writes);
  for (const PendingWrites::Write& write : writes.writes_) Apply(writes, write, refused);
  for (const PendingWrites::Write& write : writes.writes_) {
    if (write.kind == EffectKind::kScopeClose) CloseScope(write.target);
  }
}

// Outer scopes first, since opening one closes those inside it.
void StreamState::OpenScopes(const PendingWrites& writes) {
  thread_local std::vector<uint32_t> opening;  // scratch
  opening.clear();
  for (const PendingWrites::Write& write : writes.writes_) {
    if (write.kind == EffectKind::kScopeOpen) opening.push_back(write.target);
  }
  if (opening.size() > 1) {
    std::sort(opening.begin(), opening.end(),
              [this](uint32_t a, uint32_t b) { return std::pair(Depth(a), a) < std::pair(Depth(b), b); });
  }
  for (const uint32_t scope : opening) OpenScope(scope);
}

uint32_t StreamState::Depth(uint32_t scope) const {
  uint32_t depth = 0;
  for (; program().scopes[scope].parent != kNone; scope = program().scopes[scope].parent) ++depth;
  return depth;
}

void StreamState::HashKeys(PendingWrites& writes, size_t first) const {
  for (size_t i = first; i < writes.writes_.size(); ++i) {
    PendingWrites::Write& write = writes.writes_[i];
    if (write.kind != EffectKind::kPut && write.kind != EffectKind::kInsert) continue;
    write.hash = TableOf(write.target).HashOf(writes.KeyOf(write));
    write.has_hash = true;
  }
}

void StreamState::Apply(const PendingWrites& writes, const PendingWrites::Write& write, std::vector<RefusedWrite>& refused) {
  const Value value = writes.ValueOf(write);
  const std::string_view key = writes.KeyOf(write);
  // What most writes of an event with very many are.
  if (write.kind == EffectKind::kPut || write.kind == EffectKind::kInsert) return PutEntry(write, key, value, refused);
  RefusedWrite why;
  why.target = write.target;
  why.source = write.source;
  switch (write.kind) {
    case EffectKind::kSet:
      SetScalar(write.target, value, why, refused);
      break;
    case EffectKind::kPut:
    case EffectKind::kInsert:
      break;  // see above
    case EffectKind::kErase: {
      KeyTable& table = TableOf(write.target);
      const uint32_t entry = table.Find(key);
      if (entry != KeyTable::kNotFound) table.Erase(entry);
      break;
    }
    case EffectKind::kClear:
      ResetCell(write.target);
      break;
    case EffectKind::kLifeSet:
      why.of = RefusedWrite::Target::kLifecycle;
      SetLife(write.target, key, value.kind == Kind::kInt ? static_cast<uint32_t>(value.i) : 0, why, refused);
      break;
    case EffectKind::kKeep:
      AppendKeep(write, key, value, why, refused);
      break;
    case EffectKind::kDocumentSet:
    case EffectKind::kDocumentPatch:
    case EffectKind::kDocumentForget:
      ChangeDocument(write, why, refused);
      break;
    case EffectKind::kWindowAdd:
    case EffectKind::kArm:
    case EffectKind::kDisarm:
      ApplyTimed(write, key, value, why, refused);
      break;
    case EffectKind::kScopeOpen:
    case EffectKind::kScopeClose:
      break;
  }
}

void StreamState::ApplyTimed(const PendingWrites::Write& write, std::string_view key, const Value& value, RefusedWrite& why,
                             std::vector<RefusedWrite>& refused) {
  if (write.kind == EffectKind::kDisarm) return timed_.Disarm(write.target, key);
  const bool window = write.kind == EffectKind::kWindowAdd;
  why.of = window ? RefusedWrite::Target::kWindow : RefusedWrite::Target::kTimer;
  const uint32_t keys = window ? program().windows[write.target].key_count : program().timers[write.target].key_count;
  const uint64_t text_bytes = HasText(value) ? value.size : 0;
  if (std::max<uint64_t>(key.size(), text_bytes) > limits().string_bytes + 5 * uint64_t{keys}) {
    why.bound = RefusedWrite::Bound::kStringBytes;
    why.limit = limits().string_bytes;
    return refused.push_back(why);
  }
  if (bytes() + 2 * (key.size() + text_bytes + kEntryBytes) > limits().total_bytes) {
    why.bound = RefusedWrite::Bound::kStateBytes;
    why.limit = limits().total_bytes;
    return refused.push_back(why);
  }
  if (window) {
    const WindowState::Outcome outcome = timed_.Add(write.target, key, value);
    if (outcome == WindowState::Outcome::kAdded) return;
    const edict::Window& declared = program().windows[write.target];
    const bool keys_full = outcome == WindowState::Outcome::kKeysFull;
    why.bound = keys_full ? RefusedWrite::Bound::kKeys : RefusedWrite::Bound::kEntries;
    why.limit = keys_full ? declared.bound_keys : declared.bound_entries;
    return refused.push_back(why);
  }
  if (timed_.Arm(write.target, key)) return;
  why.bound = RefusedWrite::Bound::kKeys;
  why.limit = program().timers[write.target].bound;
  refused.push_back(why);
}

// The first ones of a stream lie beside it.
void StreamState::BeginTable(KeyTable& table, uint64_t text) {
  if (table.memory() != nullptr) return;
  const uint64_t bytes = KeyTable::BytesOfOne(text);
  if (bytes > spare_bytes_) return;
  table.BeginIn(spare_, text);
  spare_ += bytes;
  spare_bytes_ -= bytes;
}

void StreamState::SetScalar(uint32_t cell, const Value& value, RefusedWrite& why, std::vector<RefusedWrite>& refused) {
  Value& scalar = values()[layout_->index[cell]];
  std::string& text = texts()[layout_->index[cell]];
  if (!HasText(value)) {
    scalar = value;
    return;
  }
  const edict::Cell& declared = program().cells[cell];
  const uint64_t limit = StringLimit(declared.bound != 0 ? declared.bound : declared.bound_bytes);
  const bool no_room = value.size > text.capacity() && bytes() + value.size > limits().total_bytes;
  if (value.size > limit || no_room) {
    why.bound = value.size > limit ? RefusedWrite::Bound::kStringBytes : RefusedWrite::Bound::kStateBytes;
    why.limit = value.size > limit ? limit : limits().total_bytes;
    refused.push_back(why);
    return;
  }
  bytes_ -= text.capacity();
  text.assign(value.s, value.size);
  bytes_ += text.capacity();
  scalar = value;
  scalar.s = text.data();
}

void StreamState::PutEntry(const PendingWrites::Write& write, std::string_view key, const Value& value,
                           std::vector<RefusedWrite>& refused) {
  const auto refuse = [&](RefusedWrite::Bound bound, uint64_t limit) {
    RefusedWrite& why = refused.emplace_back();
    why.bound = bound;
    why.target = write.target;
    why.source = write.source;
    why.limit = limit;
  };
  const edict::Cell& declared = program().cells[write.target];
  KeyTable& table = TableOf(write.target);
  std::optional<uint32_t> hash;
  if (write.has_hash) hash = write.hash;
  uint32_t entry = table.Find(key, hash);
  const bool is_new = entry == KeyTable::kNotFound;
  const uint64_t text_bytes = HasText(value) ? value.size : 0;
  // An encoded string is its bytes and five more.
  const uint64_t longest = std::max<uint64_t>(key.size() > 5 ? key.size() - 5 : 0, text_bytes);
  const uint64_t limit = StringLimit(declared.bound_bytes);
  const uint64_t grows = is_new ? key.size() + text_bytes + kEntryBytes : text_bytes;
  if (is_new && declared.bound != 0 && table.size() >= declared.bound) {
    return refuse(RefusedWrite::Bound::kEntries, declared.bound);
  }
  if (longest > limit && longest > sizeof(int64_t)) {
    return refuse(RefusedWrite::Bound::kStringBytes, limit);
  }
  if (bytes() + grows > limits().total_bytes) {
    return refuse(RefusedWrite::Bound::kStateBytes, limits().total_bytes);
  }
  const uint64_t before = table.bytes();
  if (is_new) {
    BeginTable(table, key.size() + text_bytes);
    entry = table.Insert(key, hash);
  }
  if (write.kind == EffectKind::kPut) table.SetValue(entry, value);
  bytes_ += table.bytes() - before;
}

void StreamState::SetLife(uint32_t lifecycle, std::string_view key, uint32_t ordinal, RefusedWrite& why,
                          std::vector<RefusedWrite>& refused) {
  const Lifecycle& declared = program().lifecycles[lifecycle];
  Life& life = lives()[lifecycle];
  const std::span<uint32_t> counts = this->counts(lifecycle);
  uint32_t entry = life.table.Find(key);
  Value state = Value::Int(ordinal);
  if (entry != KeyTable::kNotFound) {
    const Value before = life.table.ValueOf(entry);
    state.size = before.size;
    --counts[static_cast<size_t>(before.i)];
    if (ordinal == 0 || ordinal >= counts.size()) {
      if (before.size != 0) {
        const uint64_t kept = life.keeps->bytes();
        life.keeps->Free(before.size);
        bytes_ += life.keeps->bytes() - kept;
      }
      life.table.Erase(entry);
      return;
    }
  } else {
    if (ordinal == 0 || ordinal >= counts.size()) return;
    const bool full = declared.bound != 0 && life.table.size() >= declared.bound;
    const bool long_key = key.size() > limits().string_bytes + 5 * uint64_t{declared.key_count};
    if (full || long_key || bytes() + key.size() + kEntryBytes > limits().total_bytes) {
      why.bound = full       ? RefusedWrite::Bound::kEntries
                  : long_key ? RefusedWrite::Bound::kStringBytes
                             : RefusedWrite::Bound::kStateBytes;
      why.limit = full ? declared.bound : long_key ? limits().string_bytes : limits().total_bytes;
      return refused.push_back(why);
    }
    const uint64_t before = life.bytes();
    BeginTable(life.table, key.size());
    entry = life.table.Insert(key);
    if (life.keeps != nullptr) state.size = life.keeps->New();
    bytes_ += life.bytes() - before;
  }
  life.table.SetValue(entry, state);
  ++counts[ordinal];
}

void StreamState::ResetCell(uint32_t cell) {
  const edict::Cell& declared = program().cells[cell];
  if (declared.kind == CellKind::kScalar) {
    // A string constant lives as long as the Program: no copy.
    values()[layout_->index[cell]] = declared.initial == kNone ? Value::Absent() : program().constants[declared.initial];
    return;
  }
  KeyTable& table = TableOf(cell);
  const uint64_t before = table.bytes();
  table.Clear();
  bytes_ += table.bytes() - before;
}

void StreamState::ResetLife(uint32_t lifecycle) {
  Life& life = lives()[lifecycle];
  const uint64_t before = life.bytes();
  life.table.Clear();
  if (life.keeps != nullptr) life.keeps->Clear();
  bytes_ += life.bytes() - before;
  std::fill(counts(lifecycle).begin(), counts(lifecycle).end(), 0);
}

// `scope` is `outer` or inside it.
bool StreamState::Inside(uint32_t scope, uint32_t outer) const {
  for (; scope != kNone; scope = program().scopes[scope].parent) {
    if (scope == outer) return true;
  }
  return false;
}

void StreamState::OpenScope(uint32_t scope) {
  CloseScope(scope);
  for (uint32_t i = 0; i < program().cells.size(); ++i) {
    if (Inside(program().cells[i].scope, scope)) ResetCell(i);
  }
  for (uint32_t i = 0; i < program().lifecycles.size(); ++i) {
    if (Inside(program().lifecycles[i].scope, scope)) ResetLife(i);
  }
  for (uint32_t i = 0; i < program().documents.size(); ++i) {
    if (Inside(program().documents[i].scope, scope)) ForgetDocument(i);
  }
  for (uint32_t i = 0; i < program().windows.size(); ++i) {
    if (Inside(program().windows[i].scope, scope)) timed_.ResetWindow(i);
  }
  for (uint32_t i = 0; i < program().timers.size(); ++i) {
    if (Inside(program().timers[i].scope, scope)) timed_.ResetTimer(i);
  }
  open()[scope] = 1;
}

void StreamState::CloseScope(uint32_t scope) {
  for (uint32_t i = 0; i < open().size(); ++i) {
    if (Inside(i, scope)) open()[i] = 0;
  }
}

void StreamState::CountBytes() {
  bytes_ = sizeof(*this) + layout_->bytes + (own_patcher_ != nullptr ? JsonPatcher::kBytes : 0);
  for (const std::string& text : texts()) bytes_ += text.capacity();
  for (const KeyTable& table : tables()) bytes_ += table.bytes();
  for (const Life& life : lives()) bytes_ += life.bytes();
}

}  // namespace edict
