#include "runtime/stream_set.h"

#include <algorithm>
#include <utility>

namespace edict {

StreamSet::StreamSet(Engine engine, StreamSetOptions options)
    : engine_(std::move(engine)), options_(options), work_(engine_.NewWorkspace()) {}

void StreamSet::Recount(Member& member) {
  // A node of the list and one of the index, with its bucket.
  constexpr uint64_t kNodes = sizeof(Member) + 2 * sizeof(void*) + sizeof(std::pair<std::string_view, Place>) + 3 * sizeof(void*);
  const uint64_t bytes = member.stream.bytes() + kNodes;
  stats_.bytes += bytes - member.bytes;
  stats_.most_bytes = std::max(stats_.most_bytes, stats_.bytes);
  member.bytes = bytes;
}

Stream& StreamSet::At(std::string_view key, std::vector<Finding>& out) {
  if (!members_.empty()) Recount(members_.front());  // it was fed since
  const auto found = index_.find(key);
  if (found != index_.end()) {
    members_.splice(members_.begin(), members_, found->second);
  } else {
    members_.push_front({engine_.Open(std::string(key), work_), stats_.opened++});
    index_.emplace(members_.front().stream.key(), members_.begin());
    Recount(members_.front());
    stats_.most_open = std::max<uint64_t>(stats_.most_open, std::min(members_.size(), options_.max_streams));
  }
  Evict(out);
  return members_.front().stream;
}

void StreamSet::Evict(std::vector<Finding>& out) {
  while (members_.size() > 1 &&
         (members_.size() > std::max<size_t>(options_.max_streams, 1) || stats_.bytes > options_.max_bytes)) {
    const Place idle = std::prev(members_.end());
    ++stats_.evicted;
    Finding finding;
    finding.stream = idle->stream.key();
    finding.index = idle->stream.stats().events;
    finding.code = "EDICT_EVICTED";
    finding.severity = Severity::kWarning;
    finding.message = members_.size() > options_.max_streams
                          ? "more than " + std::to_string(options_.max_streams) + " streams are open"
                          : "the open streams take more than " + std::to_string(options_.max_bytes) + " bytes";
    finding.message += ": this one, idle the longest, is ended; later events begin a new stream";
    out.push_back(std::move(finding));
    ++stats_.ended.findings[static_cast<int>(Severity::kWarning)];
    End(idle, out);
  }
}

void StreamSet::End(Place place, std::vector<Finding>& out) {
  place->stream.Finish(out);
  const StreamStats& stats = place->stream.stats();
  stats_.ended.events += stats.events;
  stats_.ended.not_validated += stats.not_validated;
  for (size_t i = 0; i < std::size(stats.findings); ++i) stats_.ended.findings[i] += stats.findings[i];
  stats_.ended.state_bytes = std::max(stats_.ended.state_bytes, stats.state_bytes);
  stats_.bytes -= place->bytes;
  index_.erase(place->stream.key());
  members_.erase(place);
}

bool StreamSet::Finish(std::string_view key, std::vector<Finding>& out) {
  const auto found = index_.find(key);
  if (found == index_.end()) return false;
  End(found->second, out);
  return true;
}

void StreamSet::FinishAll(std::vector<Finding>& out, const std::function<void()>& ended) {
  members_.sort([](const Member& a, const Member& b) { return a.opened < b.opened; });
  while (!members_.empty()) {
    End(members_.begin(), out);
    if (ended) ended();
  }
}

}  // namespace edict
