#include "runtime/json/framing.h"

#include <cstring>

namespace edict {
namespace {

// So much is read at most before the format is decided.
constexpr size_t kSniffBytes = 64 * 1024;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool StartsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

// Whether brackets of a line that starts an object are closed at its end.
bool Balanced(std::string_view line) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return depth <= 0 && !quoted;
}

}  // namespace

void Framer::Emit(std::string_view text, uint64_t offset, const Sink& sink) const {
  Record record;
  record.text = text;
  record.offset = offset;
  sink(record);
}

void Framer::TooLong(uint64_t offset, const Sink& sink) const {
  Record record;
  record.offset = offset;
  record.fault = "the record is longer than " + std::to_string(options_.max_record_bytes) + " bytes";
  sink(record);
}

// Decides the format from `pending_`; false: more bytes are needed.
bool Framer::Sniff(bool at_end) {
  size_t start = 0;
  while (start < pending_.size() && IsSpace(pending_[start])) ++start;
  std::string_view text = std::string_view(pending_).substr(start);
  if (text.empty() && !at_end) return pending_.size() >= kSniffBytes ? (format_ = InputFormat::kNdjson, true) : false;
  if (StartsWith(text, "[")) {
    format_ = InputFormat::kJson;
    return true;
  }
  for (const char* field : {"data:", "event:", "id:", "retry:", ":"}) {
    if (StartsWith(text, field)) {
      format_ = InputFormat::kSse;
      return true;
    }
  }
  size_t end = text.find('\n');
  if (end == std::string_view::npos && !at_end && text.size() < kSniffBytes) return false;
  std::string_view line = text.substr(0, end);
  // "{" alone on the first line: an object over several lines. A broken NDJSON line looks different: it has members.
  bool opens = !line.empty() && line[0] == '{' && line.find_first_not_of(" \t\r", 1) == std::string_view::npos;
  format_ = end != std::string_view::npos && opens && !Balanced(line) ? InputFormat::kJson : InputFormat::kNdjson;
  return true;
}

void Framer::Feed(std::string_view bytes, const Sink& sink) {
  if (format_ == InputFormat::kAuto) {
    pending_ += bytes;
    if (!Sniff(false)) return;
    std::string held = std::move(pending_);
    pending_.clear();
    return Feed(held, sink);
  }
  if (format_ == InputFormat::kJson) {
    FeedJson(bytes, sink);
  } else {
    FeedLines(bytes, sink);
  }
  consumed_ += bytes.size();
}

void Framer::FeedLines(std::string_view bytes, const Sink& sink) {
  size_t at = 0;
  while (at < bytes.size()) {
    const void* found = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
    size_t end = found == nullptr ? bytes.size() : static_cast<size_t>(static_cast<const char*>(found) - bytes.data());
    std::string_view piece = bytes.substr(at, end - at);
    if (pending_.empty() && !dropping_) pending_offset_ = consumed_ + at;
    if (!dropping_ && pending_.size() + piece.size() > options_.max_record_bytes) {
      dropping_ = true;
      pending_.clear();
      TooLong(pending_offset_, sink);
    }
    if (found == nullptr) {
      if (!dropping_) pending_ += piece;
      return;
    }
    if (dropping_) {
      dropping_ = false;
    } else if (pending_.empty()) {
      Line(piece, pending_offset_, sink);
    } else {
      pending_ += piece;
      Line(pending_, pending_offset_, sink);
      pending_.clear();
    }
    at = end + 1;
  }
}

void Framer::Line(std::string_view line, uint64_t offset, const Sink& sink) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (format_ == InputFormat::kNdjson) {
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) Emit(line, offset, sink);
    return;
  }
  if (line.empty()) return EndSseEvent(sink);
  if (!StartsWith(line, "data:")) return;
  size_t skip = line.size() > 5 && line[5] == ' ' ? 6 : 5;
  if (!has_data_) {
    data_offset_ = offset + skip;
  } else {
    data_ += '\n';
  }
  has_data_ = true;
  data_ += line.substr(skip);
  if (data_.size() > options_.max_record_bytes) {
    TooLong(data_offset_, sink);
    data_.clear();
    has_data_ = false;
  }
}

void Framer::EndSseEvent(const Sink& sink) {
  if (has_data_) Emit(data_, data_offset_, sink);
  data_.clear();
  has_data_ = false;
}

void Framer::EndJsonText(const Sink& sink) {
  if (dropping_) {
    dropping_ = false;
  } else if (pending_.find_first_not_of(" \t\r\n") != std::string::npos) {
    Emit(pending_, pending_offset_, sink);
  }
  pending_.clear();
}

// Splits at brackets and the outer array's commas only; what the pieces are worth is for the parser to say.
void Framer::FeedJson(std::string_view bytes, const Sink& sink) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    char c = bytes[i];
    if (pending_.empty() && !dropping_) {
      if (IsSpace(c)) continue;
      if (depth_ == 0 && !in_array_ && c == '[') {
        in_array_ = true;
        continue;
      }
      if (depth_ == 0 && in_array_ && (c == ']' || c == ',')) {
        in_array_ = c != ']';
        continue;
      }
      pending_offset_ = consumed_ + i;
    }
    bool ends = in_array_ && depth_ == 0 && !quoted_ && (c == ',' || c == ']');
    if (ends) {
      EndJsonText(sink);
      in_array_ = c == ',';
      continue;
    }
    if (!dropping_) pending_ += c;
    if (!dropping_ && pending_.size() > options_.max_record_bytes) {
      dropping_ = true;
      pending_.clear();
      TooLong(pending_offset_, sink);
    }
    if (quoted_) {
      quoted_ = escaped_ || c != '"';
      escaped_ = !escaped_ && c == '\\';
    } else if (c == '"') {
      quoted_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if ((c == '}' || c == ']') && depth_ != 0) {
      if (--depth_ == 0) EndJsonText(sink);
    }
  }
}

void Framer::Finish(const Sink& sink) {
  if (format_ == InputFormat::kAuto) {
    Sniff(true);
    std::string held = std::move(pending_);
    pending_.clear();
    Feed(held, sink);
  }
  if (format_ == InputFormat::kJson) {
    bool truncated = in_array_ || depth_ != 0;
    EndJsonText(sink);
    if (truncated && in_array_ && depth_ == 0) {
      Record record;
      record.offset = consumed_;
      record.fault = "the input ends inside an array of events";
      sink(record);
    }
    return;
  }
  if (!pending_.empty() && !dropping_) Line(pending_, pending_offset_, sink);
  pending_.clear();
  EndSseEvent(sink);
}

}  // namespace edict
