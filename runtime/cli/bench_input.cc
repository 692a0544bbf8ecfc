#include "runtime/cli/bench_input.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <unordered_map>

#include "runtime/json/document.h"
#include "runtime/json/pointer.h"
#include "runtime/json/visit.h"
#include "runtime/value/value.h"

namespace edict::cli {
namespace {

Status ReadAll(const std::string& name, std::string& text) {
  std::FILE* file = name == "-" ? stdin : std::fopen(name.c_str(), "rb");
  if (file == nullptr) return Error{"cannot open " + name + ": " + std::strerror(errno)};
  std::vector<char> buffer(1 << 20);
  size_t n = 0;
  while ((n = std::fread(buffer.data(), 1, buffer.size(), file)) > 0) text.append(buffer.data(), n);
  const bool failed = std::ferror(file) != 0;
  const int error = errno;
  if (file != stdin) std::fclose(file);
  if (failed) return Error{"cannot read " + name + ": " + std::strerror(error)};
  return {};
}

// Finds each record's stream, as `edict run` does.
class Keys {
 public:
  Keys(BenchInput& input, const std::string& pointer) : input_(input), pointer_(pointer) {}

  void Find(BenchRecord& record) {
    if (pointer_.empty() || !record.fault.empty()) return;
    const JsonNode* root = parser_.Parse(record.text, JsonLimits{});
    if (root == nullptr) return Damage(record, parser_.fault().message, parser_.fault().offset);
    const JsonNode* key = ResolvePointer(*root, pointer_);
    if (key == nullptr) return Damage(record, "the record has no stream key at " + pointer_, 0);
    const std::string name = ToMessageText(FromJson(*key));
    const auto [at, added] = ids_.emplace(name, static_cast<uint32_t>(input_.keys.size()));
    if (added) input_.keys.push_back(name);
    record.key = at->second;
  }

 private:
  static void Damage(BenchRecord& record, const std::string& why, uint64_t offset) {
    record.fault = why;
    record.offset += offset;
    record.text = {};
  }

  BenchInput& input_;
  const std::string& pointer_;
  JsonParser parser_;
  std::unordered_map<std::string, uint32_t> ids_;
};

bool Holds(const std::string& text, std::string_view part, uint64_t offset) {
  return offset <= text.size() && std::string_view(text).substr(offset, part.size()) == part;
}

bool AreLines(const BenchInput& input) {
  uint64_t at = 0;
  for (const BenchRecord& record : input.records) {
    if (!record.fault.empty() || record.offset != at || record.text.find('\n') != std::string_view::npos) return false;
    at += record.text.size();
    if (at < input.text.size() && input.text[at] != '\n') return false;
    ++at;
  }
  return at >= input.text.size();
}

}  // namespace

Result<std::unique_ptr<BenchInput>> ReadBenchInput(const std::string& name, const BenchInputOptions& options) {
  auto input = std::make_unique<BenchInput>();
  if (Status read = ReadAll(name, input->text); !read.ok()) return read.error();
  input->keys = {name == "-" ? "stdin" : name};
  Keys keys(*input, options.key);
  Framer framer(options.format);
  const Framer::Sink sink = [&](const Record& framed) {
    BenchRecord record;
    record.offset = framed.offset;
    record.fault = framed.fault;
    if (Holds(input->text, framed.text, framed.offset)) {
      record.text = std::string_view(input->text).substr(framed.offset, framed.text.size());
    } else {
      input->copies.push_back(std::make_unique<std::string>(framed.text));
      record.text = *input->copies.back();
    }
    keys.Find(record);
    input->record_bytes += record.text.size() + 1;
    input->records.push_back(std::move(record));
  };
  framer.Feed(input->text, sink);
  framer.Finish(sink);
  input->one_stream = options.key.empty();
  input->lines = input->one_stream && AreLines(*input);
  return input;
}

std::string JoinRecords(const std::vector<std::unique_ptr<BenchInput>>& inputs) {
  size_t bytes = kVisitPadding;
  for (const auto& input : inputs) bytes += input->record_bytes;
  std::string text;
  text.reserve(bytes);
  for (const auto& input : inputs) {
    for (const BenchRecord& record : input->records) {
      if (!record.fault.empty()) continue;
      const size_t start = text.size();
      text += record.text;
      // JSON has them between tokens only; in a damaged record they do no harm either.
      std::replace(text.begin() + static_cast<std::ptrdiff_t>(start), text.end(), '\n', ' ');
      text += '\n';
    }
  }
  return text;
}

}  // namespace edict::cli
