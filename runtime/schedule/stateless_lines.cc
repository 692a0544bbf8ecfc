#include "runtime/schedule/stateless_lines.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/schedule/line_parts.h"

namespace edict {
namespace {

// For each worker, so that one which is slower does not keep the others waiting long.
constexpr size_t kLanesPerThread = 4;

std::string_view BeforeLongLine(std::string_view text, uint64_t most) {
  if (text.size() <= most) return text;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    if (end - at > most) return text.substr(0, at);
    at = end + 1;
  }
  return text;
}

}  // namespace

bool StatelessLines::Fits(const Engine& engine) {
  const std::shared_ptr<const Program> program = engine.rules();
  return IsStateless(*program) && std::none_of(program->codes.begin(), program->codes.end(),
                                               [](const Code& code) { return code.severity == Severity::kCritical; });
}

StatelessLines::StatelessLines(const Engine& engine, std::string_view key, unsigned threads)
    : max_record_bytes_(engine.options().max_record_bytes), workers_(threads) {
  const size_t lanes = workers_.threads() == 1 ? 1 : workers_.threads() * kLanesPerThread;
  for (size_t i = 0; i < lanes; ++i) lanes_.emplace_back(engine.Open(key));
}

// The lane's new findings, by the numbers that its events have in the input.
void StatelessLines::Hand(Lane& lane, std::vector<Finding>& out) {
  const uint64_t now = lane.stream.stats().events;
  for (Finding& finding : lane.findings) finding.index = finding.index - lane.taken + events_;
  events_ += now - lane.taken;
  lane.taken = now;
  out.insert(out.end(), std::make_move_iterator(lane.findings.begin()), std::make_move_iterator(lane.findings.end()));
  lane.findings.clear();
}

size_t StatelessLines::TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out) {
  text = BeforeLongLine(text.substr(0, text.rfind('\n') + 1), max_record_bytes_);
  if (text.empty()) return 0;
  const std::vector<size_t> cuts = LineParts(text, lanes_.size());
  workers_.ForEach(cuts.size() - 1, [&](size_t i) {
    const std::string_view part = text.substr(cuts[i], cuts[i + 1] - cuts[i]);
    // What follows a part can be read.
    lanes_[i].stream.FeedLines(part, offset + cuts[i], lanes_[i].findings, {}, text.size() - cuts[i + 1]);
  });
  for (size_t i = 0; i + 1 < cuts.size(); ++i) Hand(lanes_[i], out);
  return text.size();
}

void StatelessLines::FeedRecord(std::string_view record, uint64_t offset, std::vector<Finding>& out) {
  lanes_[0].stream.FeedRecord(record, offset, lanes_[0].findings);
  Hand(lanes_[0], out);
}

void StatelessLines::FeedFault(std::string_view message, uint64_t offset, std::vector<Finding>& out) {
  lanes_[0].stream.FeedFault(message, offset, lanes_[0].findings);
  Hand(lanes_[0], out);
}

StreamStats StatelessLines::stats() const {
  StreamStats sum;
  for (const Lane& lane : lanes_) {
    const StreamStats& stats = lane.stream.stats();
    sum.events += stats.events;
    sum.not_validated += stats.not_validated;
    sum.state_bytes = std::max(sum.state_bytes, stats.state_bytes);
    for (size_t i = 0; i < std::size(sum.findings); ++i) sum.findings[i] += stats.findings[i];
  }
  return sum;
}

}  // namespace edict
