// One stream: event in, findings out, state on.
#include <algorithm>
#include <utility>

#include "runtime/engine/engine_impl.h"
#include "runtime/program/scan_plan.h"

namespace edict {
namespace {

// Deeper events are for the extractor, which has the same limit.
constexpr uint32_t kMostNesting = 1000;
// What an event counts for where nobody says how long its text is.
constexpr uint64_t kNodeBytes = 128;

}  // namespace

Workspace::Workspace(const EngineImpl& engine, std::shared_ptr<Generation> generation)
    : slots(generation->max_slots),
      locals(std::max<uint32_t>(generation->program->local_count, 1)),
      memo(generation->memo_fields),
      rules(std::move(generation)),
      meter(rules->meter) {
  const EngineOptions& options = engine.options;
  const Program& program = *rules->program;
  context.arena = &arena;
  context.program = &program;
  context.regexes = &regexes;
  context.host_functions = rules->host_functions.data();
  frame.program = &program;
  frame.slots = slots.data();
  frame.locals = locals.data();
  frame.code = rules->code.steps();
  frame.context = &context;
  frame.writes = &verdict.writes;
  hints.resize(HintOffsets(program).back());
  frame.hints = hints.data();
  frame.tapes = &tapes;
  if (options.cache != CacheMode::kOff) {
    elements = std::make_unique<cache::ElementMemo>(rules->elements, rules->memo_rules, rules->elements_user,
                                                    options.cache == CacheMode::kOn, &frame.memo);
  }
  if (options.cache != CacheMode::kOff && !rules->projections.empty()) {
    checks = std::make_unique<cache::CheckMemo>(rules->projections, engine.seed, options.cache == CacheMode::kOn, &frame.checks);
  }
  if (engine.costs != nullptr) sampler = std::make_unique<CostSampler>(engine.costs, program);
  max_record_bytes = options.max_record_bytes;
  frame.max_depth = std::min<uint32_t>(options.max_json_depth, kMostNesting);
  if (!program.documents.empty()) patcher = std::make_unique<JsonPatcher>();
  meter.bytes.Add(sizeof(Workspace) + (slots.size() + locals.size()) * sizeof(Value) + hints.size());
}

StreamImpl::StreamImpl(std::shared_ptr<EngineImpl> owner, std::shared_ptr<Workspace> work, std::string_view stream_key,
                       const StreamPlace& place)
    : key(stream_key),
      engine(std::move(owner)),
      work_(std::move(work)),
      rules_(*work_->rules),
      state(rules_->layout, work_->patcher.get(), reinterpret_cast<std::byte*>(this + 1)),
      place_(place) {
  CountState();
  engine->meter->streams_opened.fetch_add(1, std::memory_order_relaxed);
  work_->memo.Clear();
}

StreamImpl::~StreamImpl() { work_->meter.state_bytes.Add(~stats.state_bytes + 1); }

void* StreamImpl::operator new(size_t size, const StreamPlace& place) { return place.Take(size); }

void StreamImpl::operator delete(void* memory, const StreamPlace& place) { place.Give(memory, sizeof(StreamImpl)); }

void StreamImpl::operator delete(StreamImpl* stream, std::destroying_delete_t) {
  const StreamPlace place = stream->place_;
  std::destroy_at(stream);
  place.Give(stream, sizeof(StreamImpl));
}

void StreamImpl::Prefetch() const {
  constexpr size_t kLine = 64;
  constexpr size_t kHot = 4;    // lines of the stream itself
  constexpr size_t kState = 5;  // of its state, where it has not moved
  const char* const at = reinterpret_cast<const char*>(this);
  for (size_t line = 0; line < kHot; ++line) __builtin_prefetch(at + line * kLine);
  for (size_t line = 0; line < kState; ++line) __builtin_prefetch(at + sizeof(StreamImpl) + line * kLine);
}

void StreamImpl::UseHelpers(std::shared_ptr<Helpers> helpers) {
  if (helpers == nullptr || helpers->threads() < 2) return large_.reset();
  // So that a thread which is slower does not keep the others waiting long.
  constexpr size_t kPiecesPerThread = 4;
  const size_t pieces = helpers->threads() * kPiecesPerThread;
  large_ = std::make_unique<LargeValues>(
      pieces, [helpers = std::move(helpers)](size_t count, const auto& work) { return helpers->ForEach(count, work); });
}

bool StreamImpl::Begin() {
  index_ = stats.events++;
  work_->meter.events.Add(1);
  if (!ended) return true;
  ++stats.not_validated;
  work_->meter.not_validated.Add(1);
  return false;
}

void StreamImpl::TakeWorkspace() {
  work_->frame.state = &state;
  work_->frame.stream = &state;
  work_->frame.cells = state.scalars();
  work_->frame.large = large_.get();
  work_->verdict.Clear();
  work_->refused.clear();
  work_->context.fuel_limit = engine->options.fuel_per_event;
}

void StreamImpl::Prepare() {
  TakeWorkspace();
  work_->arena.Reset();
  work_->shape_faults.clear();
  work_->context.fuel = work_->context.fuel_limit;
}

void StreamImpl::FeedRecord(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable) {
  if (work_->sampler != nullptr) {
    if (work_->sampler->due()) return FeedSampled(text, offset, out, readable);
    work_->sampler->Passed(text.size());
  }
  if (!work_->meter.Samples()) return FeedText(text, offset, out, readable);
  const Meter::Clock::time_point start = Meter::Clock::now();
  FeedText(text, offset, out, readable);
  engine->meter->Record(Meter::Clock::now() - start, 1);
}

void StreamImpl::FeedSampled(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable) {
  const std::shared_ptr<Workspace> work = work_;  // the event may take up other rules
  work->sampler->Begin();
  FeedText(text, offset, out, readable);
  work->sampler->End(text.size());
}

void StreamImpl::FeedText(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable) {
  const bool refused = std::exchange(refused_at_, ~uint64_t{0}) == offset;
  if (!refused && TakeRecord(text, offset, out, readable)) return;
  end_ = std::max(end_, offset + text.size());
  if (!Begin()) return;
  Prepare();
  const EngineOptions& options = engine->options;
  JsonLimits limits;
  limits.max_depth = options.max_json_depth;
  limits.max_bytes = options.max_record_bytes;
  const JsonNode* root = work_->parser.Parse(text, limits);
  if (root == nullptr) {
    AddFault(Fault::kMalformed, work_->parser.fault().message, static_cast<uint32_t>(work_->parser.fault().offset));
    return Emit(offset, out);
  }
  JudgeEvent(*root, offset, out);
}

void StreamImpl::FeedNode(const JsonNode& root, uint64_t offset, std::vector<Finding>& out) {
  TakeUp(out);
  end_ = std::max(end_, offset);
  if (!Begin()) return;
  Prepare();
  CostSampler* const sampler = work_->sampler.get();
  const bool sampled = sampler != nullptr && sampler->due();
  if (sampled) sampler->Begin();
  JudgeEvent(root, offset - root.offset, out);
  if (sampled) {
    sampler->End(kNodeBytes);
  } else if (sampler != nullptr) {
    sampler->Passed(kNodeBytes);
  }
}

void StreamImpl::FeedFault(std::string_view message, uint64_t offset, std::vector<Finding>& out) {
  TakeUp(out);
  end_ = std::max(end_, offset);
  if (!Begin()) return;
  Prepare();
  AddFault(Fault::kFraming, std::string(message), 0);
  Emit(offset, out);
}

void StreamImpl::JudgeEvent(const JsonNode& root, uint64_t base, std::vector<Finding>& out) {
  uint32_t event = kNone;
  if (ShapeHolds(root, &event) && event != kNone) JudgeRules(root, event);
  if (!work_->verdict.findings.empty()) Emit(base, out);
}

bool StreamImpl::ShapeHolds(const JsonNode& root, uint32_t* event) {
  work_->frame.event = &root;
  *event = rules_->extractor.Run(root, work_->slots.data(), work_->shape_faults, *this);
  bool holds = true;
  for (ShapeFault& fault : work_->shape_faults) {
    holds = holds && !fault.blocks;
    if (engine->options.fail_fast && !work_->verdict.findings.empty()) continue;
    RawFinding finding;
    finding.code = fault.code != kNone ? fault.code : program().faults[static_cast<int>(fault.fault)];
    finding.offset = fault.offset;
    finding.path = std::move(fault.path);
    finding.message = std::move(fault.message);
    work_->verdict.Add(std::move(finding));
  }
  return holds;
}

// A constraint of a shape: the condition reads the value as local 0.
bool StreamImpl::Holds(uint32_t condition, const Value& self) {
  work_->locals[0] = self;
  work_->context.span = kNone;
  return Evaluate(work_->frame, condition).is_true();
}

void StreamImpl::JudgeRules(const JsonNode& root, uint32_t event) {
  const EventType& type = program().events[event];
  const CheckExtent extent = !engine->options.fail_fast        ? CheckExtent::kAll
                             : work_->verdict.findings.empty() ? CheckExtent::kFirst
                                                               : CheckExtent::kCritical;
  MoveTime(type, root);
  if (engine->observer != nullptr) return JudgeObserved(root, event);
  if (work_->sampler != nullptr && work_->sampler->due()) Sample(root, event);
  const NativeCode* native = work_->native.get();
  const bool has_native = native != nullptr && event < native->verdicts().size() && native->verdicts()[event] != nullptr;
  // What native code has said in place it would say again.
  const bool look_closer = std::exchange(work_->look_closer, false);
  if (look_closer || !has_native || !native->verdicts()[event](&work_->frame)) {
    work_->verdict.writes.Clear();
    JudgeChecks(work_->frame, type.checks, work_->verdict, extent);
    JudgeEffects(work_->frame, type.effects, work_->verdict);
  }
  Commit(type, root.offset);
}

// The event is judged as ever afterwards.
void StreamImpl::Sample(const JsonNode& root, uint32_t event) {
  work_->sampler->Sample(work_->frame, event, work_->native.get(), [&] {
    work_->shape_faults.clear();
    rules_->extractor.Run(root, work_->slots.data(), work_->shape_faults, *this);
  });
}

void StreamImpl::JudgeObserved(const JsonNode& root, uint32_t event) {
  const EventType& type = program().events[event];
  const int64_t fuel = work_->context.fuel;
  engine->observer->OnEvent(work_->frame, event);
  work_->context.fuel = fuel;  // what the observer evaluates is not the event's
  JudgeChecksObserved(work_->frame, type.checks, work_->verdict, *engine->observer);
  JudgeEffectsObserved(work_->frame, type.effects, work_->verdict, *engine->observer);
  Commit(type, root.offset);
}

void StreamImpl::Commit(const EventType& type, uint32_t offset) {
  work_->memo.Clear();
  if (!work_->verdict.writes.empty()) state.Commit(work_->verdict.writes, work_->refused);
  work_->verdict.writes.Clear();
  CountState();
  if (work_->refused.empty()) return;
  const bool patches = !engine->options.fail_fast || work_->verdict.findings.empty();
  ReportRefused(program(), type.effects, work_->refused, patches, offset, work_->verdict);
  work_->refused.clear();
}

void StreamImpl::Finish(std::vector<Finding>& out, uint64_t length) {
  if (finished_) return;
  finished_ = true;
  if (ended) return;
  TakeUp(out);
  Prepare();
  index_ = stats.events;
  work_->frame.event = nullptr;
  JudgePassed(state.timed().TakeAll());
  JudgeApart(program().end_checks);
  Emit(std::max(end_, length), out);
}

void StreamImpl::JudgeApart(const std::vector<Check>& checks) {
  if (engine->observer != nullptr) {
    JudgeChecksObserved(work_->frame, checks, work_->verdict, *engine->observer);
  } else {
    JudgeChecks(work_->frame, checks, work_->verdict);
  }
}

void StreamImpl::AddFault(Fault fault, std::string message, uint32_t offset) {
  RawFinding finding;
  finding.code = program().faults[static_cast<int>(fault)];
  finding.offset = offset;
  finding.message = std::move(message);
  work_->verdict.Add(std::move(finding));
}

// Hands over the verdict's findings, in order, cut at the limit; what is cut is said in one more.
void StreamImpl::Emit(uint64_t base, std::vector<Finding>& out) {
  std::vector<RawFinding>& raw = work_->verdict.findings;
  const size_t limit = std::max<uint32_t>(engine->options.max_findings_per_event, 1);
  const uint64_t cut = work_->verdict.dropped + (raw.size() > limit ? raw.size() - limit : 0);
  for (size_t i = limit; i < raw.size(); ++i) {
    const uint32_t code = raw[i].code;
    if (code != kNone && program().codes[code].severity == Severity::kCritical) ended = true;
  }
  if (raw.size() > limit) raw.resize(limit);
  if (cut > 0) {
    RawFinding more;
    more.code = program().faults[static_cast<int>(Fault::kBound)];
    more.offset = raw.front().offset;
    more.message = std::to_string(cut) + " more findings on this event are not shown (limit " + std::to_string(limit) + ")";
    raw.push_back(std::move(more));
  }
  for (RawFinding& finding : raw) {
    const uint32_t code = finding.code;  // read before the argument beside it is moved
    EmitOne(code, std::move(finding), base, out);
  }
  raw.clear();
}

void StreamImpl::EmitOne(uint32_t code_index, RawFinding raw, uint64_t base, std::vector<Finding>& out) {
  static const Code kNoCode = [] {
    Code code;
    code.code = "EDICT";
    return code;
  }();
  const Code& code = code_index == kNone ? kNoCode : program().codes[code_index];
  Finding finding;
  finding.stream = key.text();
  finding.index = index_;
  finding.offset = base + raw.offset;
  finding.code = code.code;
  finding.severity = code.severity;
  finding.path = std::move(raw.path);
  finding.message = std::move(raw.message);
  finding.rule = raw.rule != kNone ? program().codes[raw.rule].rule : code.rule;
  finding.package = code.package;
  finding.fix = code.fix;
  finding.see = code.see;
  ++stats.findings[static_cast<int>(code.severity)];
  if (code_index != kNone) rules_->findings[code_index]->fetch_add(1, std::memory_order_relaxed);
  if (code.severity == Severity::kCritical) ended = true;
  out.push_back(std::move(finding));
}

}  // namespace edict
