// Rule sets come and go while streams run. What is current stands in EngineImpl behind a mutex that nobody holds for long; a
// number beside it tells streams, by a comparison which they make anyway, that there is something to take up.
#include <algorithm>
#include <memory>
#include <utility>

#include "runtime/engine.h"
#include "runtime/engine/engine_impl.h"
#include "runtime/program/serialize.h"

namespace edict {
namespace {

using Lock = std::lock_guard<std::mutex>;

// Ways between rule sets that are remembered, for streams that come late.
constexpr size_t kMostCarries = 8;

uint64_t StreamsOn(const Generation& generation) { return generation.streams.load(std::memory_order_relaxed); }

}  // namespace

// ---- the engine --------------------------------------------------------------------------------------------------

void EngineImpl::MakeCurrent(std::shared_ptr<Generation> next) {
  std::erase(former, next);
  former.push_back(std::exchange(current, std::move(next)));
  while (former.size() > options.kept_generations) {
    others.emplace_back(former.front());
    former.erase(former.begin());
  }
  std::erase_if(others, [](const std::weak_ptr<Generation>& other) { return other.expired(); });
  change.fetch_add(1, std::memory_order_release);
}

std::shared_ptr<const StateCarry> EngineImpl::CarryBetween(const Generation& from, Generation& to) {
  {
    const Lock lock(mutex);
    for (const auto& [number, carry] : to.carries) {
      if (number == from.number) return carry;
    }
  }
  auto carry = std::make_shared<const StateCarry>(CompareState(*from.program, *to.program));
  const Lock lock(mutex);
  if (to.carries.size() >= kMostCarries) to.carries.erase(to.carries.begin());
  to.carries.emplace_back(from.number, carry);
  return carry;
}

bool Engine::UseNative(std::shared_ptr<const NativeCode> code, const Program& program) {
  if (impl_->observer != nullptr) return false;
  // Freed after the lock.
  std::vector<std::shared_ptr<const NativeCode>> replaced;
  std::vector<std::shared_ptr<Generation>> holders;
  const Lock lock(impl_->mutex);
  bool used = false;
  const auto use = [&](const std::shared_ptr<Generation>& generation) {
    if (generation == nullptr || generation->program.get() != &program) return;
    replaced.push_back(std::exchange(generation->native, code));
    holders.push_back(generation);
    used = true;
  };
  use(impl_->current);
  for (const std::shared_ptr<Generation>& generation : impl_->former) use(generation);
  for (const std::weak_ptr<Generation>& other : impl_->others) use(other.lock());
  if (used) impl_->change.fetch_add(1, std::memory_order_release);
  return used;
}

namespace {

ReloadReport Report(EngineImpl& engine, const std::shared_ptr<Generation>& from, const std::shared_ptr<Generation>& to) {
  ReloadReport report;
  report.from = from->number;
  report.to = to->number;
  report.state = engine.CarryBetween(*from, *to)->changes;
  return report;
}

}  // namespace

Result<ReloadReport> Engine::Reload(std::shared_ptr<const Program> program, ReloadOptions options) {
  if (program == nullptr) return Error{"there are no rules to go on with"};
  if (impl_->observer != nullptr) return Error{"the engine is observed: its rules stay"};
  if (HostBinding binding = BindHostFunctions(*program, impl_->options.host_functions); !binding.fault.empty()) {
    return Error{std::move(binding.fault)};
  }
  const Lock one(impl_->reloading);
  std::shared_ptr<Generation> from;
  uint64_t number = 0;
  {
    const Lock lock(impl_->mutex);
    from = impl_->current;
    number = ++impl_->generations;
  }
  auto next = std::make_shared<Generation>(std::move(program), number, impl_->meter, impl_->elements, impl_->options, impl_->seed);
  next->native = std::move(options.native);
  ReloadReport report = Report(*impl_, from, next);
  std::vector<std::shared_ptr<Generation>> gone;  // freed after the lock
  const Lock lock(impl_->mutex);
  impl_->meter->reloads.fetch_add(1, std::memory_order_relaxed);
  gone = impl_->former;
  impl_->MakeCurrent(std::move(next));
  report.streams = impl_->OnOthers();
  return report;
}

Result<ReloadReport> Engine::RollBack(uint32_t back) {
  const Lock one(impl_->reloading);
  std::shared_ptr<Generation> from;
  std::shared_ptr<Generation> to;
  {
    const Lock lock(impl_->mutex);
    if (back == 0 || back > impl_->former.size()) {
      return Error{"there are " + std::to_string(impl_->former.size()) + " former rule sets to go back to, not " +
                   std::to_string(back)};
    }
    impl_->meter->roll_backs.fetch_add(1, std::memory_order_relaxed);
    from = impl_->current;
    to = impl_->former[impl_->former.size() - back];
    impl_->MakeCurrent(to);
  }
  ReloadReport report = Report(*impl_, from, to);
  const Lock lock(impl_->mutex);
  report.streams = impl_->OnOthers();
  return report;
}

uint64_t EngineImpl::OnOthers() const {
  uint64_t streams = 0;
  for (const std::shared_ptr<Generation>& generation : former) streams += StreamsOn(*generation);
  for (const std::weak_ptr<Generation>& other : others) {
    if (const std::shared_ptr<Generation> generation = other.lock()) streams += StreamsOn(*generation);
  }
  return streams;
}

uint64_t Engine::generation() const {
  const Lock lock(impl_->mutex);
  return impl_->current->number;
}

std::vector<GenerationInfo> Engine::generations() const {
  std::vector<std::shared_ptr<Generation>> all;  // outlives the lock
  std::vector<GenerationInfo> infos;
  const Lock lock(impl_->mutex);
  const auto add = [&](const std::shared_ptr<Generation>& generation, bool current, bool kept) {
    if (generation == nullptr) return;
    all.push_back(generation);
    infos.push_back(
        {generation->number, current, kept, generation->native != nullptr, StreamsOn(*generation), generation->program});
  };
  for (const std::weak_ptr<Generation>& other : impl_->others) add(other.lock(), false, false);
  for (const std::shared_ptr<Generation>& generation : impl_->former) add(generation, false, true);
  add(impl_->current, true, false);
  std::sort(infos.begin(), infos.end(), [](const GenerationInfo& a, const GenerationInfo& b) { return a.number < b.number; });
  return infos;
}

std::string Engine::hash() const { return ToHex(ContentHashOf(*rules())); }

std::string ToText(const ReloadReport& report) {
  using Fate = StateChange::Fate;
  std::string text;
  for (const Fate fate : {Fate::kReset, Fate::kMigrated, Fate::kDropped, Fate::kNew, Fate::kKept}) {
    for (const StateChange& change : report.state) {
      if (change.fate != fate) continue;
      text += std::string(FateName(fate)) + ": " + change.what + (change.why.empty() ? "" : " (" + change.why + ")") + "\n";
    }
  }
  return text;
}

// ---- workspaces --------------------------------------------------------------------------------------------------

std::shared_ptr<Workspace> Workspaces::ForNew() {
  if (latest_ != nullptr && latest_->change == engine_->change.load(std::memory_order_acquire) && !latest_->pinned) return latest_;
  std::shared_ptr<Generation> current;
  {
    const Lock lock(engine_->mutex);
    current = engine_->current;
  }
  latest_ = For(current, engine_->options.pin_streams);
  return latest_;
}

std::shared_ptr<Workspace> Workspaces::For(const std::shared_ptr<Generation>& rules, bool pinned) {
  std::erase_if(all_, [](const std::weak_ptr<Workspace>& one) { return one.expired(); });
  for (const std::weak_ptr<Workspace>& one : all_) {
    std::shared_ptr<Workspace> work = one.lock();
    if (work->rules == rules && work->pinned == pinned) return work;
  }
  auto work = std::make_shared<Workspace>(*engine_, rules);
  work->pinned = pinned;
  work->siblings = weak_from_this();
  all_.push_back(work);
  return work;
}

// ---- streams -----------------------------------------------------------------------------------------------------

bool StreamImpl::TakeUpChange(std::vector<Finding>& out) {
  std::shared_ptr<const NativeCode> replaced;  // freed after the lock
  std::shared_ptr<Generation> next;
  {
    const Lock lock(engine->mutex);
    const uint64_t change = engine->change.load(std::memory_order_relaxed);
    if (change == EngineImpl::kObserved) return false;
    next = work_->pinned ? work_->rules : engine->current;
    if (next == work_->rules) {
      replaced = std::exchange(work_->native, next->native);
      work_->change = change;
      return true;
    }
  }
  MoveTo(next, out);
  // Once more: by now there may be another.
  return TakeUpChange(out);
}

void StreamImpl::MoveTo(const std::shared_ptr<Generation>& next, std::vector<Finding>& out) {
  const std::shared_ptr<const StateCarry> carry = engine->CarryBetween(*work_->rules, *next);
  const std::shared_ptr<Workspaces> siblings = work_->siblings.lock();
  std::shared_ptr<Workspace> work = siblings != nullptr ? siblings->ForMoved(next) : std::make_shared<Workspace>(*engine, next);
  StreamState before(std::move(state));
  std::destroy_at(&state);
  std::construct_at(&state, next->layout, work->patcher.get());
  state.TakeOver(before, *carry);
  rules_.Move(*next);
  work_.swap(work);
  work_->memo.Clear();
  Migrate(*work->rules->program, before, *carry, out);
  CountState();
}

namespace {

// As an expression reads the old value: a state by its name.
Value OldValue(const Program& from, uint32_t cell, const StreamState& before) {
  const Value value = before.Cell(cell);
  const uint32_t names = from.cells[cell].enum_id;
  if (names == kNone || value.kind != Kind::kInt) return value;
  return Value::String(from.enums[names].names[static_cast<size_t>(value.i)]);
}

// The value as the cell holds it. kError: it is of another kind.
Value ForCell(const Program& program, const Cell& cell, Value value, Kind rep) {
  const Value no_value = [] {
    Value error;
    error.kind = Kind::kError;
    return error;
  }();
  if (value.kind == Kind::kOptional) value = value.inner == nullptr ? Value::Absent() : *value.inner;
  if (value.kind == Kind::kNull || value.kind == Kind::kAbsent) return cell.optional ? Value::Absent() : no_value;
  if (cell.enum_id != kNone) {
    const std::vector<std::string>& names = program.enums[cell.enum_id].names;
    if (value.kind == Kind::kInt && rep == Kind::kInt) return value;  // a state by its name, as rules write it
    const auto found = value.kind == Kind::kString ? std::find(names.begin(), names.end(), value.text()) : names.end();
    return found == names.end() ? no_value : Value::Int(found - names.begin());
  }
  if (value.kind == Kind::kInt && cell.rep == Kind::kDouble) return Value::Double(static_cast<double>(value.i));
  const bool scalar = value.kind != Kind::kList && value.kind != Kind::kMap && value.kind != Kind::kType;
  return value.kind == cell.rep || (cell.rep == Node::kAny && scalar) ? value : no_value;
}

}  // namespace

void StreamImpl::Migrate(const Program& from, const StreamState& before, const StateCarry& carry, std::vector<Finding>& out) {
  if (ended) return;
  bool any = false;
  for (const ReloadClause& reload : program().reloads) {
    if (reload.policy != ReloadClause::Policy::kMigrate || carry.migrated[reload.target] == kNone) continue;
    const Value old = OldValue(from, carry.migrated[reload.target], before);
    if (old.kind == Kind::kAbsent) continue;  // there is nothing to migrate
    if (!std::exchange(any, true)) {
      Prepare();
      work_->frame.event = nullptr;
      index_ = stats.events;
    }
    work_->locals[0] = old;
    work_->context.span = kNone;
    const Cell& cell = program().cells[reload.target];
    const Value value = Evaluate(work_->frame, reload.value);
    const Value held = value.is_error() ? value : ForCell(program(), cell, value, program().nodes[reload.value].rep);
    if (!held.is_error() && state.SetCell(reload.target, held)) continue;
    AddFault(Fault::kEval,
             "state " + cell.name + " begins anew under the new rules, since " + ToMessageText(old) + " could not be migrated: " +
                 (value.is_error()  ? std::string(value.error->detail)
                  : held.is_error() ? ToMessageText(value) + " is not of its type"
                                    : "it is too long"),
             0);
  }
  if (any) Emit(end_, out);
}

void StreamImpl::Pin(bool pinned) {
  if (work_->pinned == pinned) return;
  const std::shared_ptr<Workspaces> siblings = work_->siblings.lock();
  std::shared_ptr<Workspace> work =
      siblings != nullptr ? siblings->For(work_->rules, pinned) : std::make_shared<Workspace>(*engine, work_->rules);
  work->pinned = pinned;
  work->change = EngineImpl::kObserved - 1;  // to be looked at
  work_.swap(work);
  state.UsePatcher(work_->patcher.get());
}

}  // namespace edict
