// The parts of StreamState that keep texts and documents.
#include <algorithm>
#include <string>

#include "runtime/state/stream_state.h"

namespace edict {
namespace {

// "reason", "index" ... of a fault, as expressions read it.
Value FaultMap(const PatchFault& fault, Arena& arena) {
  const auto text = [&arena](std::string_view s) { return Value::String({arena.Copy(s), s.size()}); };
  constexpr uint32_t kMembers = 5;
  auto* entries = arena.AllocateArray<MapEntry>(kMembers);
  entries[0] = {Value::String("reason"), text(fault.reason)};
  entries[1] = {Value::String("index"), Value::Int(fault.index == kNone ? -1 : static_cast<int64_t>(fault.index))};
  entries[2] = {Value::String("op"), text(fault.op)};
  entries[3] = {Value::String("path"), text(fault.path)};
  entries[4] = {Value::String("member"), fault.member.empty() ? Value::Null() : text(fault.member)};
  return Value::Map(entries, kMembers);
}

constexpr char kUnknownDocument[] = "the document is not known";

}  // namespace

Value StreamState::PatchFault(uint32_t document, const Value& patch, uint64_t& work, Arena& arena) const {
  JsonDocument& target = documents()[document];
  const JsonDocument::Outcome outcome = target.Try(patch, {program().documents[document].bound, work}, *patcher_);
  work = outcome == JsonDocument::Outcome::kUnknown ? 1 : patcher_->work();
  switch (outcome) {
    case JsonDocument::Outcome::kFault:
      return FaultMap(patcher_->fault(), arena);
    case JsonDocument::Outcome::kUnknown: {
      edict::PatchFault fault;
      fault.reason = kUnknownDocument;
      return FaultMap(fault, arena);
    }
    case JsonDocument::Outcome::kOutOfWork:
      return Value::Absent();
    default:
      return Value::Null();  // what passes the bound is said when it is written
  }
}

void StreamState::AppendKeep(const PendingWrites::Write& write, std::string_view key, const Value& value, RefusedWrite& why,
                             std::vector<RefusedWrite>& refused) {
  Life& life = lives()[write.target];
  const uint32_t entry = life.table.Find(key);
  if (entry == KeyTable::kNotFound) return;
  const uint32_t record = life.table.ValueOf(entry).size;
  if (record == 0) return;
  const Keep& keep = program().lifecycles[write.target].keeps[write.member];
  if (keep.rep != Kind::kString) return life.keeps->Set(record, write.member, value);
  const uint64_t before = life.keeps->bytes();
  const uint64_t room = limits().total_bytes - std::min(bytes_, limits().total_bytes);
  const KeepStore::Appended done = life.keeps->Append(record, write.member, value.text(), room);
  bytes_ += life.keeps->bytes() - before;
  if (done == KeepStore::Appended::kDone || done == KeepStore::Appended::kDropped) return;
  const bool own_bound = done == KeepStore::Appended::kPassesBound;
  why.of = RefusedWrite::Target::kLifecycle;
  why.keep = write.member;
  why.bound = own_bound ? RefusedWrite::Bound::kTextBytes : RefusedWrite::Bound::kStateBytes;
  why.limit = own_bound ? keep.bound : limits().total_bytes;
  refused.push_back(why);
}

void StreamState::ForgetDocument(uint32_t document) {
  bytes_ -= documents()[document].bytes();
  documents()[document].Forget();
  bytes_ += documents()[document].bytes();
}

void StreamState::ChangeDocument(const PendingWrites::Write& write, RefusedWrite& why, std::vector<RefusedWrite>& refused) {
  if (write.kind == EffectKind::kDocumentForget) return ForgetDocument(write.target);
  JsonDocument& document = documents()[write.target];
  why.of = RefusedWrite::Target::kDocument;
  bytes_ -= document.bytes();
  // What a document may take of the state's limit, by its own bound or by what is left.
  const uint64_t left = limits().total_bytes - std::min(bytes_, limits().total_bytes);
  const uint64_t declared = program().documents[write.target].bound;
  const bool own_bound = JsonDocument::MostBytes(declared) <= left;
  const uint64_t overhead = JsonDocument::MostBytes(0);
  const uint64_t bound = own_bound ? declared : (left - std::min(left, overhead)) / 2;
  const JsonDocument::Outcome outcome = write.kind == EffectKind::kDocumentSet
                                            ? document.Set(write.value, bound)
                                            : document.Patch(write.value, {bound, limits().patch_work}, *patcher_);
  bytes_ += document.bytes();
  switch (outcome) {
    case JsonDocument::Outcome::kDone:
      return;
    case JsonDocument::Outcome::kTooLarge:
      why.bound = own_bound ? RefusedWrite::Bound::kDocumentBytes : RefusedWrite::Bound::kStateBytes;
      why.limit = own_bound ? declared : limits().total_bytes;
      break;
    case JsonDocument::Outcome::kNoJson:
      why.bound = RefusedWrite::Bound::kNoJson;
      break;
    default:
      why.bound = RefusedWrite::Bound::kNoPatch;
      why.reason = outcome == JsonDocument::Outcome::kFault     ? patcher_->fault().reason
                   : outcome == JsonDocument::Outcome::kUnknown ? kUnknownDocument
                                                                : "it takes too many steps";
      break;
  }
  refused.push_back(why);
}

}  // namespace edict
