#include "runtime/json/visit.h"

#include <algorithm>
#include <cstring>
#include <utility>

// One core against one core.
#undef SIMDJSON_THREADS_ENABLED
#include <simdjson.h>

namespace edict {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(kVisitPadding >= simdjson::SIMDJSON_PADDING);

// As for Edict's own parser; what is deeper is faulty. Bounds the recursion.
constexpr uint32_t kMaxDepth = 1000;

simdjson::error_code Visit(ondemand::value value, uint32_t depth, JsonTotals& totals);

simdjson::error_code VisitArray(ondemand::array array, uint32_t depth, JsonTotals& totals) {
  for (auto element : array) {
    ondemand::value value;
    if (auto error = element.get(value)) return error;
    if (auto error = Visit(value, depth + 1, totals)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code VisitObject(ondemand::object object, uint32_t depth, JsonTotals& totals) {
  for (simdjson::simdjson_result<ondemand::field> member : object) {
    ondemand::field field;
    if (auto error = std::move(member).get(field)) return error;
    if (auto error = Visit(field.value(), depth + 1, totals)) return error;
  }
  return simdjson::SUCCESS;
}

// A value, or a document whose root is one.
template <typename Source>
simdjson::error_code VisitScalar(Source& source, ondemand::json_type type, JsonTotals& totals) {
  if (type == ondemand::json_type::string) {
    std::string_view text;
    if (auto error = source.get_string().get(text)) return error;
    totals.text_bytes += text.size();
  } else if (type == ondemand::json_type::number) {
    ondemand::number number;
    if (auto error = source.get_number().get(number)) return error;
    totals.number_sum += number.as_double();
  } else if (type == ondemand::json_type::boolean) {
    bool value = false;
    if (auto error = source.get_bool().get(value)) return error;
  } else {
    bool null = false;
    if (auto error = simdjson::simdjson_result<bool>(source.is_null()).get(null)) return error;
    if (!null) return simdjson::INCORRECT_TYPE;
  }
  return simdjson::SUCCESS;
}

template <typename Source>
simdjson::error_code VisitAny(Source& source, uint32_t depth, JsonTotals& totals) {
  if (depth > kMaxDepth) return simdjson::DEPTH_ERROR;
  ondemand::json_type type;
  if (auto error = source.type().get(type)) return error;
  ++totals.values;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (auto error = source.get_object().get(object)) return error;
    return VisitObject(object, depth, totals);
  }
  if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (auto error = source.get_array().get(array)) return error;
    return VisitArray(array, depth, totals);
  }
  return VisitScalar(source, type, totals);
}

simdjson::error_code Visit(ondemand::value value, uint32_t depth, JsonTotals& totals) { return VisitAny(value, depth, totals); }

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

size_t LongestLine(std::string_view lines) {
  size_t longest = 0;
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  return longest;
}

}  // namespace

struct JsonVisitor::Impl {
  ondemand::parser parser;
};

bool JsonVisitor::Supported() {
#ifdef __AVX2__
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
#else
  return true;
#endif
}

JsonVisitor::JsonVisitor() : impl_(std::make_unique<Impl>()) {}
JsonVisitor::~JsonVisitor() = default;

JsonTotals JsonVisitor::VisitLines(std::string_view lines) {
  JsonTotals totals;
  const char* end = lines.data() + lines.size();
  for (const char* at = lines.data(); at < end;) {
    const void* found = std::memchr(at, '\n', static_cast<size_t>(end - at));
    const char* stop = found != nullptr ? static_cast<const char*>(found) : end;
    const auto size = static_cast<size_t>(stop - at);
    if (!IsBlank({at, size})) {
      ondemand::document document;
      const simdjson::padded_string_view text(at, size, static_cast<size_t>(end - at) + kVisitPadding);
      ++totals.documents;
      const bool right = impl_->parser.iterate(text).get(document) == simdjson::SUCCESS &&
                         VisitAny(document, 0, totals) == simdjson::SUCCESS &&
                         document.current_location().error() == simdjson::OUT_OF_BOUNDS;  // nothing follows
      if (!right) ++totals.faulty;
    }
    at = stop + 1;
  }
  return totals;
}

JsonTotals JsonVisitor::VisitMany(std::string_view lines, size_t batch_bytes) {
  JsonTotals totals;
  const size_t batch = std::max(batch_bytes, LongestLine(lines) + 1);
  ondemand::document_stream stream;
  if (impl_->parser.iterate_many(lines.data(), lines.size(), batch).get(stream) != simdjson::SUCCESS) return totals;
  for (auto item : stream) {
    ++totals.documents;
    ondemand::document_reference document;
    const bool right = simdjson::simdjson_result<ondemand::document_reference>(item).get(document) == simdjson::SUCCESS &&
                       VisitAny(document, 0, totals) == simdjson::SUCCESS;
    if (right) continue;
    ++totals.faulty;
    break;
  }
  return totals;
}

}  // namespace edict
