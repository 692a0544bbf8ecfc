#include "runtime/program/serialize.h"

#include <cstring>
#include <type_traits>
#include <utility>

namespace edict {
namespace {

constexpr std::string_view kMagic = "EDICTPRG";
constexpr size_t kHeaderBytes = 8 + 4 + 16;
constexpr int kMaxValueDepth = 64;

// ---- archives: both directions share the field lists below ---------------------------------------------------------

class Writer {
 public:
  static constexpr bool kWrites = true;
  bool ok() const { return true; }
  void U64(uint64_t v) {
    for (; v >= 0x80; v >>= 7) out.push_back(static_cast<char>(v | 0x80));
    out.push_back(static_cast<char>(v));
  }
  void Raw(const void* p, size_t n) { out.append(static_cast<const char*>(p), n); }

  std::string out;
};

class Reader {
 public:
  static constexpr bool kWrites = false;
  Reader(std::string_view bytes, Arena& arena) : arena(arena), bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }
  void Fail() { ok_ = false; }
  uint64_t U64() {
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) break;
      const auto c = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      v |= static_cast<uint64_t>(c & 0x7f) << shift;
      if (c < 0x80) return v;
    }
    ok_ = false;
    return 0;
  }
  std::string_view Raw(uint64_t n) {
    if (n > bytes_.size()) {
      ok_ = false;
      return {};
    }
    const std::string_view r = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return r;
  }

  Arena& arena;

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

// kNone is the commonest index: one byte as 0.
void Do(Writer& w, const uint32_t& v) { w.U64(static_cast<uint32_t>(v + 1)); }
void Do(Reader& r, uint32_t& v) {
  const uint64_t raw = r.U64();
  if (raw > 0xffffffffu) r.Fail();
  v = static_cast<uint32_t>(raw) - 1;
}
void Do(Writer& w, const uint64_t& v) { w.U64(v); }
void Do(Reader& r, uint64_t& v) { v = r.U64(); }
void Do(Writer& w, const uint8_t& v) { w.U64(v); }
void Do(Reader& r, uint8_t& v) {
  const uint64_t raw = r.U64();
  if (raw > 0xff) r.Fail();
  v = static_cast<uint8_t>(raw);
}
void Do(Writer& w, const bool& v) { w.U64(v ? 1 : 0); }
void Do(Reader& r, bool& v) {
  const uint64_t raw = r.U64();
  if (raw > 1) r.Fail();
  v = raw == 1;
}
void Do(Writer& w, const std::string& v) {
  w.U64(v.size());
  w.Raw(v.data(), v.size());
}
void Do(Reader& r, std::string& v) { v.assign(r.Raw(r.U64())); }

// Enumerators are checked by range in CheckProgram; here only that they fit.
template <typename A, typename E>
requires std::is_enum_v<std::remove_const_t<E>>
void Do(A& a, E& v) {
  if constexpr (A::kWrites) {
    a.U64(static_cast<uint8_t>(v));
  } else {
    uint8_t raw = 0;
    Do(a, raw);
    v = static_cast<E>(raw);
  }
}

// ---- values --------------------------------------------------------------------------------------------------------

void WriteValue(Writer& w, const Value& v) {
  w.U64(static_cast<uint8_t>(v.kind));
  switch (v.kind) {
    case Kind::kBool:
      w.U64(v.b ? 1 : 0);
      break;
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble:
      w.Raw(&v.u, 8);
      break;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      w.U64(v.size);
      w.Raw(v.s, v.size);
      break;
    case Kind::kTimestamp:
    case Kind::kDuration:
      w.Raw(&v.i, 8);
      w.Raw(&v.size, 4);
      break;
    case Kind::kList:
      w.U64(ListSize(v));
      for (ListCursor c(v); c.Next();) WriteValue(w, c.value());
      break;
    case Kind::kMap:
      w.U64(MapSize(v));
      for (MapCursor c(v); c.Next();) {
        WriteValue(w, c.key());
        WriteValue(w, c.value());
      }
      break;
    case Kind::kOptional:
      w.U64(v.inner != nullptr ? 1 : 0);
      if (v.inner != nullptr) WriteValue(w, *v.inner);
      break;
    default:
      break;
  }
}

template <typename T>
T ReadRaw(Reader& r) {
  T v{};
  const std::string_view raw = r.Raw(sizeof v);
  if (raw.size() == sizeof v) std::memcpy(&v, raw.data(), sizeof v);
  return v;
}

Value ReadValue(Reader& r, int depth);

Value ReadSequence(Reader& r, Kind kind, int depth) {
  const uint64_t n = r.U64();
  const uint64_t values = kind == Kind::kMap ? 2 * n : n;
  std::vector<Value> items;  // grows with what is really there: the count may be a lie
  for (uint64_t i = 0; i < values && r.ok(); ++i) items.push_back(ReadValue(r, depth + 1));
  if (!r.ok()) return Value::Null();
  Value* kept = r.arena.AllocateArray<Value>(items.size());
  if (!items.empty()) std::memcpy(kept, items.data(), items.size() * sizeof(Value));
  if (kind == Kind::kList) return Value::List(kept, static_cast<uint32_t>(n));
  static_assert(sizeof(MapEntry) == 2 * sizeof(Value));
  return Value::Map(reinterpret_cast<const MapEntry*>(kept), static_cast<uint32_t>(n));
}

Value ReadValue(Reader& r, int depth) {
  const uint64_t raw_kind = r.U64();
  if (depth > kMaxValueDepth || raw_kind > static_cast<uint64_t>(Kind::kDuration)) r.Fail();
  if (!r.ok()) return Value::Null();
  const Kind kind = static_cast<Kind>(raw_kind);
  switch (kind) {
    case Kind::kNull:
      return Value::Null();
    case Kind::kBool:
      return Value::Bool(r.U64() != 0);
    case Kind::kInt:
      return Value::Int(ReadRaw<int64_t>(r));
    case Kind::kUint:
      return Value::Uint(ReadRaw<uint64_t>(r));
    case Kind::kDouble:
      return Value::Double(ReadRaw<double>(r));
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType: {
      const std::string_view raw = r.Raw(r.U64());
      const std::string_view text(r.arena.Copy(raw), raw.size());
      return kind == Kind::kString ? Value::String(text) : kind == Kind::kBytes ? Value::Bytes(text) : Value::Type(text);
    }
    case Kind::kTimestamp:
    case Kind::kDuration: {
      const int64_t seconds = ReadRaw<int64_t>(r);
      const int32_t nanos = ReadRaw<int32_t>(r);
      return kind == Kind::kTimestamp ? Value::Timestamp(seconds, nanos) : Value::Duration(seconds, nanos);
    }
    case Kind::kList:
    case Kind::kMap:
      return ReadSequence(r, kind, depth);
    case Kind::kOptional: {
      if (r.U64() == 0) return Value::Optional(nullptr);
      Value* inner = r.arena.AllocateArray<Value>(1);
      *inner = ReadValue(r, depth + 1);
      return Value::Optional(inner);
    }
    default:
      return Value::Absent();
  }
}

void Do(Writer& w, const Value& v) { WriteValue(w, v); }
void Do(Reader& r, Value& v) { v = ReadValue(r, 0); }

// ---- field lists: P is the struct, const when writing --------------------------------------------------------------

template <typename T, typename Like>
concept Is = std::is_same_v<std::remove_const_t<T>, Like>;

template <typename A, typename T>
void Do(A& a, std::vector<T>& v);
template <typename A, typename T>
void Do(A& a, const std::vector<T>& v);

template <typename A, typename... T>
void Each(A& a, T&... fields) {
  (Do(a, fields), ...);
}

template <typename A, Is<Node> P>
void Do(A& a, P& n) {
  Each(a, n.op, n.rep, n.flags, n.imm, n.imm2, n.args, n.arg_count, n.span);
}
template <typename A, Is<Fold> P>
void Do(A& a, P& f) {
  Each(a, f.element, f.second, f.accu);
}
template <typename A, Is<Enum> P>
void Do(A& a, P& e) {
  Each(a, e.name, e.names);
}
template <typename A, Is<HostDecl> P>
void Do(A& a, P& h) {
  Each(a, h.name, h.params, h.result, h.cost, h.span);
}
template <typename A, Is<ShapeField> P>
void Do(A& a, P& f) {
  Each(a, f.name, f.shape, f.optional, f.slot);
}
template <typename A, Is<ShapeAlternative> P>
void Do(A& a, P& s) {
  Each(a, s.tag, s.shape);
}
template <typename A, Is<ShapeConstraint> P>
void Do(A& a, P& c) {
  Each(a, c.condition, c.code, c.message);
}
template <typename A, Is<Shape> P>
void Do(A& a, P& s) {
  Each(a, s.kind, s.nullable, s.closed, s.name, s.element, s.tag_field, s.literals, s.fields, s.alternatives, s.otherwise,
       s.members, s.constraints);
}
template <typename A, Is<Code> P>
void Do(A& a, P& c) {
  Each(a, c.code, c.title, c.severity, c.package, c.rule, c.fix, c.see, c.tags, c.doc, c.span);
}
template <typename A, Is<Message> P>
void Do(A& a, P& m) {
  Each(a, m.parts, m.nodes);
}
template <typename A, Is<BlameStep> P>
void Do(A& a, P& s) {
  Each(a, s.key, s.node);
}
template <typename A, Is<Blame> P>
void Do(A& a, P& b) {
  Each(a, b.base_loop, b.steps);
}
template <typename A, Is<Span> P>
void Do(A& a, P& s) {
  Each(a, s.file, s.begin, s.end, s.line, s.column);
}
template <typename A, Is<Loop> P>
void Do(A& a, P& l) {
  Each(a, l.range, l.element, l.index, l.path, l.known);
}
template <typename A, Is<Clause> P>
void Do(A& a, P& c) {
  Each(a, c.condition, c.loops, c.blame, c.message, c.span);
}
template <typename A, Is<Check> P>
void Do(A& a, P& c) {
  Each(a, c.code, c.guard, c.after, c.clauses, c.order, c.span);
}
template <typename A, Is<Effect> P>
void Do(A& a, P& e) {
  Each(a, e.kind, e.target, e.member, e.code, e.guard, e.loops, e.keys, e.value, e.optional_value, e.span);
}
template <typename A, Is<EventType> P>
void Do(A& a, P& e) {
  Each(a, e.name, e.shape, e.slot_count, e.slot_names, e.time_slot, e.checks, e.effects, e.span);
}
template <typename A, Is<Cell> P>
void Do(A& a, P& c) {
  Each(a, c.name, c.kind, c.rep, c.key_rep, c.enum_id, c.optional, c.initial, c.bound, c.bound_bytes, c.bound_code, c.scope,
       c.span);
}
template <typename A, Is<Keep> P>
void Do(A& a, P& k) {
  Each(a, k.name, k.rep, k.initial, k.bound, k.bound_code, k.span);
}
template <typename A, Is<Document> P>
void Do(A& a, P& d) {
  Each(a, d.name, d.bound, d.bound_code, d.scope, d.span);
}
template <typename A, Is<Lifecycle> P>
void Do(A& a, P& l) {
  Each(a, l.name, l.key_count, l.states, l.bound, l.bound_code, l.scope, l.span, l.keeps);
}
template <typename A, Is<Scope> P>
void Do(A& a, P& s) {
  Each(a, s.name, s.parent);
}
template <typename A, Is<Clock> P>
void Do(A& a, P& c) {
  Each(a, c.unit, c.late);
}
template <typename A, Is<Window> P>
void Do(A& a, P& w) {
  Each(a, w.name, w.function, w.rep, w.key_count, w.length, w.tumbling, w.bound_keys, w.bound_entries, w.bound_code, w.scope,
       w.span);
}
template <typename A, Is<Timer> P>
void Do(A& a, P& t) {
  Each(a, t.name, t.key_count, t.within, t.bound, t.deadline, t.bound_code, t.scope, t.span, t.expiry, t.first_local);
}
template <typename A, Is<ReloadClause> P>
void Do(A& a, P& r) {
  Each(a, r.of, r.target, r.member, r.policy, r.value, r.text);
}
template <typename A, Is<Dependency> P>
void Do(A& a, P& d) {
  Each(a, d.from, d.kind, d.to);
}
template <typename A, Is<Program> P>
void Do(A& a, P& p) {
  Each(a, p.package, p.version, p.files, p.constants, p.nodes, p.args, p.folds, p.enums, p.host_functions, p.shapes, p.codes,
       p.spans, p.events, p.unknown_event, p.discriminator);
  for (auto& fault : p.faults) Do(a, fault);
  Each(a, p.end_checks, p.cells, p.lifecycles, p.scopes, p.documents, p.clock, p.windows, p.timers, p.reloads, p.dependencies,
       p.local_count);
}

template <typename A, typename T>
void Do(A& a, const std::vector<T>& v) {
  a.U64(v.size());
  for (const T& item : v) Do(a, item);
}
template <typename A, typename T>
void Do(A& a, std::vector<T>& v) {
  const uint64_t n = a.U64();
  for (uint64_t i = 0; i < n && a.ok(); ++i) Do(a, v.emplace_back());
}

std::string Body(const Program& program) {
  Writer w;
  Do(w, program);
  return std::move(w.out);
}

std::string ChecksumBytes(std::string_view body) {
  const Hash128 hash = ContentHash(body);
  std::string out(16, '\0');
  std::memcpy(out.data(), &hash.high, 8);
  std::memcpy(out.data() + 8, &hash.low, 8);
  return out;
}

}  // namespace

std::string Serialize(const Program& program) {
  const std::string body = Body(program);
  std::string out(kMagic);
  out.append(reinterpret_cast<const char*>(&kProgramFormat), 4);
  out += ChecksumBytes(body);
  out += body;
  return out;
}

Result<Program> Deserialize(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || bytes.substr(0, kMagic.size()) != kMagic) {
    return Error{"not a compiled rule program (it does not start with EDICTPRG)"};
  }
  uint32_t format = 0;
  std::memcpy(&format, bytes.data() + kMagic.size(), 4);
  if (format != kProgramFormat) {
    return Error{"the compiled program has format " + std::to_string(format) + ", this edict reads format " +
                 std::to_string(kProgramFormat) + ": build it anew from its rules"};
  }
  const std::string_view body = bytes.substr(kHeaderBytes);
  if (bytes.substr(kMagic.size() + 4, 16) != ChecksumBytes(body)) {
    return Error{"the compiled program is damaged or cut short (its checksum differs)"};
  }
  Program program;
  Reader r(body, *program.memory);
  Do(r, program);
  if (!r.ok() || !r.at_end()) return Error{"the compiled program is damaged (its fields do not add up)"};
  if (const Status status = CheckProgram(program); !status.ok()) return status.error();
  return program;
}

Hash128 ContentHashOf(const Program& program) { return ContentHash(Body(program)); }

}  // namespace edict
