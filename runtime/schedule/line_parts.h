// Text cut into parts of whole lines, of about the same size.
#ifndef EDICT_RUNTIME_SCHEDULE_LINE_PARTS_H_
#define EDICT_RUNTIME_SCHEDULE_LINE_PARTS_H_

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace edict {

// Less is not worth another worker.
inline constexpr size_t kPartBytes = 64u << 10;

// Where the parts begin, and last of all where the text ends; at most so many parts.
inline std::vector<size_t> LineParts(std::string_view text, size_t most) {
  const size_t wanted = std::clamp<size_t>(text.size() / kPartBytes, 1, most);
  std::vector<size_t> cuts = {0};
  for (size_t i = 1; i < wanted; ++i) {
    const size_t cut = text.find('\n', std::max(cuts.back(), text.size() / wanted * i)) + 1;
    if (cut > cuts.back() && cut < text.size()) cuts.push_back(cut);
  }
  cuts.push_back(text.size());
  return cuts;
}

}  // namespace edict

#endif  // EDICT_RUNTIME_SCHEDULE_LINE_PARTS_H_
