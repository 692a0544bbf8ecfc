// Did you mean ...?
#ifndef EDICT_COMPILER_SEMA_SUGGEST_H_
#define EDICT_COMPILER_SEMA_SUGGEST_H_

#include <string>
#include <string_view>
#include <vector>

namespace edict::sema {

// The candidate nearest to `name` by edit distance; empty if none is near.
std::string Nearest(std::string_view name, const std::vector<std::string>& candidates);
// "; did you mean x?" or nothing.
std::string DidYouMean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_SUGGEST_H_
