// One stream: event in, findings out, state on.
#include <algorithm>
#include <utility>

#include "runtime/engine/engine_impl.h"

namespace edict {

StreamImpl::StreamImpl(std::shared_ptr<EngineImpl> owner, std::string stream_key)
    : key(std::move(stream_key)),
      engine(std::move(owner)),
      state(*engine->program, {engine->options.max_state_string_bytes, engine->options.max_state_bytes}, engine->seed),
      program_(*engine->program),
      slots_(engine->max_slots),
      locals_(std::max<uint32_t>(program_.local_count, 1)) {
  context_.arena = &arena_;
  context_.program = &program_;
  context_.regexes = &regexes_;
  frame_.program = &program_;
  frame_.slots = slots_.data();
  frame_.locals = locals_.data();
  frame_.state = &state;
  frame_.context = &context_;
  stats.state_bytes = state.bytes();
}

bool StreamImpl::Begin() {
  index_ = stats.events++;
  if (!ended) return true;
  ++stats.not_validated;
  return false;
}

void StreamImpl::Prepare() {
  arena_.Reset();
  verdict_.Clear();
  shape_faults_.clear();
  refused_.clear();
  context_.fuel = engine->options.fuel_per_event;
  context_.fuel_limit = context_.fuel;
}

void StreamImpl::FeedRecord(std::string_view text, uint64_t offset, std::vector<Finding>& out) {
  end_ = std::max(end_, offset + text.size());
  if (!Begin()) return;
  Prepare();
  const EngineOptions& options = engine->options;
  JsonLimits limits;
  limits.max_depth = options.max_json_depth;
  limits.max_bytes = options.max_record_bytes;
  const JsonNode* root = parser_.Parse(text, limits);
  if (root == nullptr) {
    AddFault(Fault::kMalformed, parser_.fault().message, static_cast<uint32_t>(parser_.fault().offset));
    return Emit(offset, out);
  }
  JudgeEvent(*root, offset, out);
}

void StreamImpl::FeedNode(const JsonNode& root, uint64_t offset, std::vector<Finding>& out) {
  end_ = std::max(end_, offset);
  if (!Begin()) return;
  Prepare();
  JudgeEvent(root, offset - root.offset, out);
}

void StreamImpl::FeedFault(std::string_view message, uint64_t offset, std::vector<Finding>& out) {
  end_ = std::max(end_, offset);
  if (!Begin()) return;
  Prepare();
  AddFault(Fault::kMalformed, std::string(message), 0);
  Emit(offset, out);
}

void StreamImpl::JudgeEvent(const JsonNode& root, uint64_t base, std::vector<Finding>& out) {
  uint32_t event = kNone;
  if (ShapeHolds(root, &event) && event != kNone) JudgeRules(root, event);
  if (!verdict_.findings.empty()) Emit(base, out);
}

bool StreamImpl::ShapeHolds(const JsonNode& root, uint32_t* event) {
  frame_.event = &root;
  *event = engine->extractor.Run(root, slots_.data(), shape_faults_, *this);
  bool holds = true;
  for (ShapeFault& fault : shape_faults_) {
    holds = holds && !fault.blocks;
    RawFinding finding;
    finding.code = fault.code != kNone ? fault.code : program_.faults[static_cast<int>(fault.fault)];
    finding.offset = fault.offset;
    finding.path = std::move(fault.path);
    finding.message = std::move(fault.message);
    verdict_.Add(std::move(finding));
  }
  return holds;
}

// A constraint of a shape: the condition reads the value as local 0.
bool StreamImpl::Holds(uint32_t condition, const Value& self) {
  locals_[0] = self;
  context_.span = kNone;
  return Evaluate(frame_, condition).is_true();
}

void StreamImpl::JudgeRules(const JsonNode& root, uint32_t event) {
  const EventType& type = program_.events[event];
  const uint64_t generation = engine->native_generation.load(std::memory_order_acquire);
  if (generation != native_generation_ && TakeUpNative(generation)) return JudgeObserved(root, event);
  const bool has_native = native_ != nullptr && event < native_->verdicts().size() && native_->verdicts()[event] != nullptr;
  const Arena::Mark before = context_.arena->Here();
  const bool passed = has_native && native_->verdicts()[event](&frame_);
  context_.arena->Rewind(before);  // nothing of it is referred to
  if (!passed) JudgeChecks(frame_, type.checks, verdict_);
  JudgeEffects(frame_, type.effects, verdict_);
  Commit(root, type);
}

void StreamImpl::JudgeObserved(const JsonNode& root, uint32_t event) {
  const EventType& type = program_.events[event];
  const int64_t fuel = context_.fuel;
  engine->observer->OnEvent(frame_, event);
  context_.fuel = fuel;  // what the observer evaluates is not the event's
  JudgeChecksObserved(frame_, type.checks, verdict_, *engine->observer);
  JudgeEffectsObserved(frame_, type.effects, verdict_, *engine->observer);
  Commit(root, type);
}

void StreamImpl::Commit(const JsonNode& root, const EventType& type) {
  if (verdict_.writes.empty()) return;
  state.Commit(verdict_.writes, refused_);
  stats.state_bytes = state.bytes();
  if (!refused_.empty()) ReportRefused(program_, type.effects, refused_, root.offset, verdict_);
}

void StreamImpl::Finish(std::vector<Finding>& out, uint64_t length) {
  if (finished_) return;
  finished_ = true;
  if (ended) return;
  Prepare();
  index_ = stats.events;
  frame_.event = nullptr;
  if (engine->observer != nullptr) {
    JudgeChecksObserved(frame_, program_.end_checks, verdict_, *engine->observer);
  } else {
    JudgeChecks(frame_, program_.end_checks, verdict_);
  }
  Emit(std::max(end_, length), out);
}

bool StreamImpl::TakeUpNative(uint64_t generation) {
  if (generation == EngineImpl::kObserved) return true;
  const std::lock_guard<std::mutex> lock(engine->native_mutex);
  native_ = engine->native;
  native_generation_ = generation;
  return false;
}

void StreamImpl::AddFault(Fault fault, std::string message, uint32_t offset) {
  RawFinding finding;
  finding.code = program_.faults[static_cast<int>(fault)];
  finding.offset = offset;
  finding.message = std::move(message);
  verdict_.Add(std::move(finding));
}

// Hands over the verdict's findings, in order, cut at the limit; what is cut is said in one more.
void StreamImpl::Emit(uint64_t base, std::vector<Finding>& out) {
  std::vector<RawFinding>& raw = verdict_.findings;
  const size_t limit = std::max<uint32_t>(engine->options.max_findings_per_event, 1);
  const uint64_t cut = verdict_.dropped + (raw.size() > limit ? raw.size() - limit : 0);
  for (size_t i = limit; i < raw.size(); ++i) {
    const uint32_t code = raw[i].code;
    if (code != kNone && program_.codes[code].severity == Severity::kCritical) ended = true;
  }
  if (raw.size() > limit) raw.resize(limit);
  if (cut > 0) {
    RawFinding more;
    more.code = program_.faults[static_cast<int>(Fault::kBound)];
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
  const Code& code = code_index == kNone ? kNoCode : program_.codes[code_index];
  Finding finding;
  finding.stream = key;
  finding.index = index_;
  finding.offset = base + raw.offset;
  finding.code = code.code;
  finding.severity = code.severity;
  finding.path = std::move(raw.path);
  finding.message = std::move(raw.message);
  finding.rule = raw.rule != kNone ? program_.codes[raw.rule].rule : code.rule;
  finding.package = code.package;
  finding.fix = code.fix;
  finding.see = code.see;
  ++stats.findings[static_cast<int>(code.severity)];
  if (code.severity == Severity::kCritical) ended = true;
  out.push_back(std::move(finding));
}

}  // namespace edict
