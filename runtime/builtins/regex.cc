// `matches`: RE2, so that no pattern takes more than linear time.
#include "runtime/builtins/regex.h"

#include <re2/re2.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/builtins/support.h"

namespace edict {
namespace {

re2::RE2::Options Options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(RegexCache::kMaxProgramBytes);
  return options;
}

// RE2 takes UTF-8 only: a lone surrogate counts as U+FFFD, which has as many bytes. True if `text` had one.
bool ReplaceSurrogates(std::string_view text, std::string& copy) {
  for (size_t at = text.find('\xed'); at != std::string_view::npos; at = text.find('\xed', at + 1)) {
    if (at + 2 >= text.size() || (text[at + 1] & 0xe0) != 0xa0) continue;
    if (copy.empty()) copy = text;
    copy.replace(at, 3, "\xef\xbf\xbd");
  }
  return !copy.empty();
}

}  // namespace

RegexFault TryRegex(std::string_view pattern, uint32_t max_bytes, uint32_t max_program) {
  if (pattern.size() > max_bytes) {
    return {RegexFault::kTooLarge,
            "the pattern has " + std::to_string(pattern.size()) + " bytes; the limit is " + std::to_string(max_bytes)};
  }
  re2::RE2 compiled(re2::StringPiece(pattern.data(), pattern.size()), Options());
  if (compiled.error_code() == re2::RE2::ErrorPatternTooLarge) {
    return {RegexFault::kTooLarge,
            "the compiled pattern takes more than " + std::to_string(RegexCache::kMaxProgramBytes) + " bytes"};
  }
  if (!compiled.ok()) return {RegexFault::kInvalid, compiled.error()};
  auto instructions = static_cast<uint32_t>(compiled.ProgramSize());
  if (instructions <= max_program) return {};
  return {RegexFault::kTooLarge, "the compiled pattern has " + std::to_string(instructions) + " instructions; the limit is " +
                                     std::to_string(max_program)};
}

struct RegexCache::Impl {
  std::unordered_map<std::string, std::unique_ptr<re2::RE2>> patterns;
  std::vector<std::unique_ptr<re2::RE2>> constants;  // by id; null: not compiled yet
  std::string key;                                   // reused, so that a hit allocates nothing
};

namespace {

int Match(std::string_view text, const re2::RE2& compiled) {
  if (!compiled.ok()) return -1;
  std::string copy;
  if (ReplaceSurrogates(text, copy)) text = copy;
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled) ? 1 : 0;
}

}  // namespace

RegexCache::RegexCache() : impl_(std::make_unique<Impl>()) {}
RegexCache::~RegexCache() = default;

int RegexCache::Matches(std::string_view text, std::string_view pattern, std::string_view* why) {
  if (pattern.size() > kMaxPatternBytes) {
    *why = "the pattern is too long";
    return -1;
  }
  impl_->key.assign(pattern);
  auto found = impl_->patterns.find(impl_->key);
  if (found == impl_->patterns.end()) {
    if (impl_->patterns.size() >= kMaxPatterns) impl_->patterns.clear();
    found = impl_->patterns.emplace(impl_->key, std::make_unique<re2::RE2>(impl_->key, Options())).first;
  }
  const re2::RE2& compiled = *found->second;
  if (!compiled.ok()) *why = compiled.error();
  return Match(text, compiled);
}

int RegexCache::MatchesConstant(std::string_view text, uint32_t id, std::string_view pattern) {
  if (pattern.size() > kMaxPatternBytes) return -1;
  if (impl_->constants.size() <= id) impl_->constants.resize(id + 1);
  std::unique_ptr<re2::RE2>& compiled = impl_->constants[id];
  if (compiled == nullptr) {
    compiled = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), Options());
  }
  return Match(text, *compiled);
}

namespace builtins {

EDICT_DEFINE(StringMatches) {
  std::string_view text = args[0].text(), pattern = args[1].text();
  if (!ChargeBytes(context, uint64_t{text.size()} + 16 * pattern.size())) {
    *out = FuelError(context);
    return;
  }
  std::string_view why;
  int result =
      context.regexes != nullptr ? context.regexes->Matches(text, pattern, &why) : RegexCache().Matches(text, pattern, &why);
  *out = result < 0 ? Invalid(context, "invalid regular expression: " + std::string(why)) : Value::Bool(result == 1);
}
EDICT_DEFINE_SAME(Matches, StringMatches)

}  // namespace builtins
}  // namespace edict
