#include "runtime/engine.h"

#include <algorithm>
#include <random>
#include <utility>

#include "runtime/engine/engine_impl.h"

namespace edict {
namespace {

uint64_t RandomSeed() {
  std::random_device device;
  return (static_cast<uint64_t>(device()) << 32) ^ device();
}

}  // namespace

EngineImpl::EngineImpl(std::shared_ptr<const Program> p, EngineOptions o)
    : program(std::move(p)),
      options(o),
      extractor(*program),
      events(*program),
      memo_fields(VerdictMemo::FieldsOf(*program)),
      seed(RandomSeed()) {
  for (const EventType& event : program->events) {
    max_slots = std::max(max_slots, event.slot_count);
  }
}

Engine::Engine(std::shared_ptr<const Program> program, EngineOptions options)
    : impl_(std::make_shared<EngineImpl>(std::move(program), options)) {}
Engine::~Engine() = default;
Engine::Engine(const Engine&) = default;
Engine& Engine::operator=(const Engine&) = default;

Stream Engine::Open(std::string_view key) const { return Open(key, NewWorkspace()); }
Stream Engine::Open(std::string_view key, std::shared_ptr<Workspace> work) const {
  return Stream(std::make_unique<StreamImpl>(impl_, std::move(work), key));
}
std::shared_ptr<Workspace> Engine::NewWorkspace() const { return std::make_shared<Workspace>(*impl_); }

void Engine::UseNative(std::shared_ptr<const NativeCode> code) {
  if (impl_->observer != nullptr) return;
  const std::lock_guard<std::mutex> lock(impl_->native_mutex);
  impl_->native = std::move(code);
  impl_->native_generation.fetch_add(1, std::memory_order_release);
}

void Engine::Observe(EngineObserver* observer) {
  impl_->observer = observer;
  impl_->native_generation.store(EngineImpl::kObserved, std::memory_order_release);
}

const Program& Engine::program() const { return *impl_->program; }
const EngineOptions& Engine::options() const { return impl_->options; }

Stream::Stream(std::unique_ptr<StreamImpl> impl) : impl_(std::move(impl)) {}
Stream::Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

void Stream::FeedLines(std::string_view lines, uint64_t offset, std::vector<Finding>& out) {
  while (!lines.empty()) {
    const size_t taken = impl_->TakeLines(lines, offset, out);
    lines.remove_prefix(taken);
    offset += taken;
    const size_t size = std::min(lines.find('\n'), lines.size());
    std::string_view line = lines.substr(0, size);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) impl_->FeedRecord(line, offset, out);
    const size_t whole = std::min(size + 1, lines.size());
    lines.remove_prefix(whole);
    offset += whole;
  }
}
size_t Stream::TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out) {
  return impl_->TakeLines(text, offset, out);
}
void Stream::FeedRecord(std::string_view json_text, uint64_t offset, std::vector<Finding>& out) {
  impl_->FeedRecord(json_text, offset, out);
}
void Stream::FeedNode(const JsonNode& root, uint64_t offset, std::vector<Finding>& out) { impl_->FeedNode(root, offset, out); }
void Stream::FeedFault(std::string_view message, uint64_t offset, std::vector<Finding>& out) {
  impl_->FeedFault(message, offset, out);
}
void Stream::Tick(int64_t time, std::vector<Finding>& out) { impl_->Tick(time, out); }
int64_t Stream::Time() const { return impl_->state.timed().now(); }
void Stream::Finish(std::vector<Finding>& out, uint64_t length) { impl_->Finish(out, length); }

uint64_t Stream::bytes() const { return impl_->bytes(); }
bool Stream::ended() const { return impl_->ended; }
const StreamStats& Stream::stats() const { return impl_->stats; }
std::string_view Stream::key() const { return impl_->key.text(); }
const StateReader& Stream::state() const { return impl_->state; }

}  // namespace edict
