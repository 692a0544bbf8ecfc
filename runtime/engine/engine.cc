#include "runtime/engine.h"

#include <algorithm>
#include <random>
#include <utility>

#include "runtime/engine/engine_impl.h"
#include "runtime/program/element_loops.h"
#include "runtime/program/scan_plan.h"
#include "runtime/program/shape_hash.h"

namespace edict {
namespace {

// Of lines: some tens of microseconds.
constexpr size_t kBytesBetweenStops = 64u << 10;

uint64_t RandomSeed() {
  std::random_device device;
  return (static_cast<uint64_t>(device()) << 32) ^ device();
}

cache::MemoRules MemoRulesOf(const Program& program) {
  cache::MemoRules rules{cache::Kinds(program.shapes.size()), FindElementLoops(program)};
  for (const Shape& shape : program.shapes) {
    if (HasKnownElements(program, shape)) rules.kinds[shape.element] = ShapeHash(program, shape.element).value_or(Hash128{});
  }
  return rules;
}

}  // namespace

Generation::Generation(std::shared_ptr<const Program> rules, uint64_t which, std::shared_ptr<Meter> of,
                       std::shared_ptr<cache::ElementCache> cache, const EngineOptions& options, uint64_t seed)
    : number(which),
      program(std::move(rules)),
      code(*program),
      layout(*program, {options.max_state_string_bytes, options.max_state_bytes}, seed),
      extractor(*program),
      events(*program),
      memo_fields(VerdictMemo::FieldsOf(*program)),
      has_clock(program->clock.unit != TimeUnit::kNone || !program->windows.empty() || !program->timers.empty()),
      host_functions(BindHostFunctions(*program, options.host_functions).functions),
      meter(std::move(of)),
      elements(std::move(cache)),
      memo_rules(MemoRulesOf(*program)),
      projections(FindProjections(*program)),
      elements_user(elements->NewUser()),
      findings(meter->FindingsOf(*program)) {
  for (const EventType& event : program->events) {
    max_slots = std::max(max_slots, event.slot_count);
  }
}

EngineImpl::EngineImpl(std::shared_ptr<const Program> program, EngineOptions o)
    : options(std::move(o)),
      seed(RandomSeed()),
      meter(std::make_shared<Meter>()),
      elements(std::make_shared<cache::ElementCache>(options.max_cache_bytes, seed)),
      costs(options.profile_share > 0 ? std::make_shared<CostLedger>(options.profile_share) : nullptr),
      current(std::make_shared<Generation>(std::move(program), 1, meter, elements, options, seed)) {}

Engine::Engine(std::shared_ptr<const Program> program, EngineOptions options)
    : impl_(std::make_shared<EngineImpl>(std::move(program), std::move(options))) {}
Result<Engine> Engine::Make(std::shared_ptr<const Program> program, EngineOptions options) {
  if (program == nullptr) return Error{"there are no rules to run"};
  HostBinding binding = BindHostFunctions(*program, options.host_functions);
  if (!binding.fault.empty()) return Error{std::move(binding.fault)};
  return Engine(std::move(program), std::move(options));
}
Engine::~Engine() = default;
Engine::Engine(const Engine&) = default;
Engine& Engine::operator=(const Engine&) = default;

// A workspace for itself, of no others.
Stream Engine::Open(std::string_view key) const { return Open(key, *std::make_shared<Workspaces>(impl_)); }
Stream Engine::Open(std::string_view key, Workspaces& workspaces, StreamPool* pool) const {
  std::shared_ptr<Workspace> work = workspaces.ForNew();
  const StreamPlace place(pool, work->rules->layout.bytes);
  return Stream(std::unique_ptr<StreamImpl>(new (place) StreamImpl(impl_, std::move(work), key, place)));
}
std::shared_ptr<Workspaces> Engine::NewWorkspaces() const { return std::make_shared<Workspaces>(impl_); }

bool Engine::UseNative(std::shared_ptr<const NativeCode> code) {
  std::shared_ptr<const Program> only;
  {
    const std::lock_guard<std::mutex> lock(impl_->mutex);
    if (code != nullptr && impl_->generations > 1) return false;
    only = impl_->current->program;
  }
  return UseNative(std::move(code), *only);
}

void Engine::Observe(EngineObserver* observer) {
  impl_->observer = observer;
  impl_->change.store(EngineImpl::kObserved, std::memory_order_release);
}

std::shared_ptr<const Program> Engine::rules() const {
  const std::lock_guard<std::mutex> lock(impl_->mutex);
  return impl_->current->program;
}
const Program& Engine::program() const { return *rules(); }
const EngineOptions& Engine::options() const { return impl_->options; }
void Engine::ShareCache(const Engine& other) {
  const std::lock_guard<std::mutex> lock(impl_->mutex);
  impl_->elements = other.impl_->elements;
  impl_->current->elements = impl_->elements;
  impl_->current->elements_user = impl_->elements->NewUser();
}
CacheStats Engine::cache_stats() const {
  const cache::ElementCache::Stats s = impl_->elements->stats();
  CacheStats stats{s.totals.hits, s.totals.misses, s.evictions, s.refused, s.elements, s.bytes, s.max_bytes, s.totals.saved_ns};
  impl_->meter->ReadChecks(stats);
  return stats;
}

CostProfile Engine::cost_profile() const {
  CostProfile profile;
  if (impl_->costs != nullptr) profile = impl_->costs->Read();
  profile.events = impl_->meter->Read().events;
  const CacheStats cache = cache_stats();
  profile.cache_hits = cache.hits;
  profile.cache_misses = cache.misses;
  profile.cache_saved_ns = cache.saved_ns;
  return profile;
}

Stream::Stream(std::unique_ptr<StreamImpl> impl) : impl_(std::move(impl)) {}
Stream::Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

size_t Stream::FeedLines(std::string_view lines, uint64_t offset, std::vector<Finding>& out, const StopWhen& stop,
                         size_t readable) {
  const size_t all = lines.size();
  const size_t most = stop.ever() ? kBytesBetweenStops : all;
  while (!lines.empty()) {
    if (stop.ever() && stop.now()) break;
    const std::string_view part = lines.substr(0, most);
    const size_t taken = impl_->TakeLines(part, offset, out, lines.size() - part.size() + readable);
    lines.remove_prefix(taken);
    offset += taken;
    const size_t size = std::min(lines.find('\n'), lines.size());
    std::string_view line = lines.substr(0, size);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) impl_->FeedRecord(line, offset, out, 0);
    const size_t whole = std::min(size + 1, lines.size());
    lines.remove_prefix(whole);
    offset += whole;
  }
  return all - lines.size();
}
size_t Stream::TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out) {
  return impl_->TakeLines(text, offset, out, 0);
}
void Stream::FeedRecord(std::string_view json_text, uint64_t offset, std::vector<Finding>& out, size_t readable) {
  impl_->FeedRecord(json_text, offset, out, readable);
}
void Stream::FeedNode(const JsonNode& root, uint64_t offset, std::vector<Finding>& out) { impl_->FeedNode(root, offset, out); }
void Stream::FeedFault(std::string_view message, uint64_t offset, std::vector<Finding>& out) {
  impl_->FeedFault(message, offset, out);
}
void Stream::Tick(int64_t time, std::vector<Finding>& out) { impl_->Tick(time, out); }
void Stream::UseHelpers(std::shared_ptr<Helpers> helpers) { impl_->UseHelpers(std::move(helpers)); }
int64_t Stream::Time() const { return impl_->state.timed().now(); }
void Stream::Finish(std::vector<Finding>& out, uint64_t length) { impl_->Finish(out, length); }

uint64_t Stream::bytes() const { return impl_->bytes(); }
bool Stream::ended() const { return impl_->ended; }
void Stream::Pin() { impl_->Pin(true); }
void Stream::Unpin() { impl_->Pin(false); }
uint64_t Stream::generation() const { return impl_->generation(); }
const StreamStats& Stream::stats() const { return impl_->stats; }
std::string_view Stream::key() const { return impl_->key.text(); }
const StateReader& Stream::state() const { return impl_->state; }

}  // namespace edict
