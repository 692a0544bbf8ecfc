#include "runtime/json/framing.h"

#include <cstring>

#include "runtime/json/scan.h"

namespace edict {
namespace {

using json::kScanPadding;

// So much is read at most before the format is decided.
constexpr size_t kSniffBytes = 64 * 1024;
// What a line may hold beside its record: a CR, and in SSE the field name.
constexpr size_t kLineExtra = 7;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool StartsWith(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

struct Unclosed {
  int depth = 0;  // of brackets
  bool quoted = false;
};

Unclosed AtEndOf(std::string_view line) {
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
  return {depth, quoted};
}

// Whether a line that starts an object is cut between its tokens, with brackets open.
bool OpenAtEnd(std::string_view line) {
  const Unclosed end = AtEndOf(line);
  return end.depth > 0 && !end.quoted;
}

bool EndsJsonScalar(char c) { return IsSpace(c) || std::string_view(",[]{}\"").find(c) != std::string_view::npos; }

}  // namespace

void Framer::Emit(std::string_view text, uint64_t offset, const Sink& sink, size_t readable) const {
  Record record;
  record.text = text;
  record.offset = offset;
  record.readable = readable;
  sink(record);
}

// All of the text, to which is added what can be read behind it.
void Framer::EmitHeld(std::string& text, uint64_t offset, const Sink& sink) const {
  const size_t size = text.size();
  text.append(kScanPadding, '\0');
  Emit(std::string_view(text).substr(0, size), offset, sink, kScanPadding);
}

void Framer::Damaged(std::string fault, uint64_t offset, const Sink& sink) const {
  Record record;
  record.offset = offset;
  record.fault = std::move(fault);
  sink(record);
}

void Framer::TooLong(uint64_t offset, const Sink& sink) const {
  Damaged("the record is longer than " + std::to_string(options_.max_record_bytes) + " bytes", offset, sink);
}

// Decides the format from the first kSniffBytes; false: more bytes are needed.
bool Framer::Sniff(bool at_end) {
  std::string_view text = std::string_view(pending_).substr(0, kSniffBytes);
  at_end = at_end || pending_.size() >= kSniffBytes;
  while (!text.empty() && IsSpace(text[0])) text.remove_prefix(1);
  if (text.empty()) {
    format_ = InputFormat::kNdjson;
    return at_end;
  }
  if (text[0] == '[') {
    format_ = InputFormat::kJson;
    return true;
  }
  for (std::string_view field : {"data:", "event:", "id:", "retry:", ":"}) {
    if (StartsWith(text, field)) {
      format_ = InputFormat::kSse;
      return true;
    }
    if (StartsWith(field, text) && !at_end) return false;
  }
  format_ = InputFormat::kNdjson;
  if (text[0] != '{') return true;
  size_t end = text.find('\n');
  if (end == std::string_view::npos) return at_end;
  std::string_view line = text.substr(0, end);
  if (!OpenAtEnd(line)) return true;
  // An object over several lines goes on with a key or a bracket; what follows a damaged line of NDJSON is another object.
  bool only_brace = line.find_first_not_of(" \t\r", 1) == std::string_view::npos;
  size_t next = text.find_first_not_of(" \t\r\n", end);
  if (!only_brace && next == std::string_view::npos) return at_end;
  if (only_brace || std::string_view("\"}],").find(text[next]) != std::string_view::npos) format_ = InputFormat::kJson;
  return true;
}

void Framer::Feed(std::string_view bytes, const Sink& sink) {
  if (format_ == InputFormat::kAuto) {
    pending_ += bytes;
    if (!Sniff(false)) {
      format_ = InputFormat::kAuto;
      return;
    }
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
    if (lines_ && format_ == InputFormat::kNdjson && pending_.empty() && !dropping_) {
      at += lines_(bytes.substr(at), consumed_ + at);
      if (at == bytes.size()) return;
    }
    const void* found = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
    size_t end = found == nullptr ? bytes.size() : static_cast<size_t>(static_cast<const char*>(found) - bytes.data());
    std::string_view piece = bytes.substr(at, end - at);
    if (pending_.empty() && !dropping_) pending_offset_ = consumed_ + at;
    if (!dropping_ && pending_.size() + piece.size() > options_.max_record_bytes + kLineExtra) LongLine(piece, sink);
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
      HeldLine(sink);
    }
    at = end + 1;
  }
}

// The line at hand, of which `piece` is the latest part, cannot be held.
void Framer::LongLine(std::string_view piece, const Sink& sink) {
  dropping_ = true;
  std::string start = pending_.substr(0, kLineExtra);
  start += piece.substr(0, kLineExtra);
  pending_.clear();
  if (format_ == InputFormat::kNdjson) return TooLong(pending_offset_, sink);
  if (!StartsWith(start, "data:") || dropping_event_) return;
  if (!has_data_) data_offset_ = pending_offset_ + (start[5] == ' ' ? 6 : 5);
  DropSseEvent(sink);
}

void Framer::Line(std::string_view line, uint64_t offset, const Sink& sink) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (format_ == InputFormat::kSse) {
    if (line.empty()) return EndSseEvent(sink);
    if (StartsWith(line, "data:") && !dropping_event_) Data(line, offset, sink);
    if (line[0] == '{') Damaged("this looks like an event, but the line does not begin with data:", offset, sink);
    return;
  }
  if (line.size() > options_.max_record_bytes) return TooLong(offset, sink);
  if (line.find_first_not_of(" \t\r") != std::string_view::npos) Emit(line, offset, sink);
}

// That line is pending_.
void Framer::HeldLine(const Sink& sink) {
  const bool whole = format_ == InputFormat::kNdjson && pending_.size() <= options_.max_record_bytes;
  if (whole && pending_.find_first_not_of(" \t\r") != std::string::npos) {
    if (pending_.back() == '\r') pending_.pop_back();
    EmitHeld(pending_, pending_offset_, sink);
  } else {
    Line(pending_, pending_offset_, sink);
  }
  pending_.clear();
}

void Framer::Data(std::string_view line, uint64_t offset, const Sink& sink) {
  size_t skip = line.size() > 5 && line[5] == ' ' ? 6 : 5;
  if (has_data_) {
    data_ += '\n';
  } else {
    data_offset_ = offset + skip;
  }
  has_data_ = true;
  if (data_.size() + line.size() - skip > options_.max_record_bytes) return DropSseEvent(sink);
  data_ += line.substr(skip);
}

void Framer::DropSseEvent(const Sink& sink) {
  TooLong(data_offset_, sink);
  dropping_event_ = true;
  has_data_ = false;
  data_.clear();
}

void Framer::EndSseEvent(const Sink& sink) {
  if (has_data_) EmitHeld(data_, data_offset_, sink);
  data_.clear();
  has_data_ = false;
  dropping_event_ = false;
}

// Splits into values by brackets and quotes only; what the values are worth is for the parser to say.
void Framer::FeedJson(std::string_view bytes, const Sink& sink) {
  size_t at = 0;
  while (at < bytes.size()) {
    size_t start = at;
    if (!inside_) {
      char c = bytes[at];
      if (IsSpace(c) || TakePunctuation(c, consumed_ + at, sink)) {
        ++at;
        continue;
      }
      inside_ = true;
      pending_offset_ = consumed_ + at;
      scalar_ = c != '{' && c != '[' && c != '"';
      // A scalar takes its first byte, whatever it is: a stray bracket becomes a record that the parser rejects.
      if (scalar_) ++at;
    }
    at = ScanValue(bytes, at);
    TakePiece(bytes.substr(start, at - start), !inside_, sink);
  }
}

// Between values: whether the byte belongs to the array around them. What is wrong with it is reported.
bool Framer::TakePunctuation(char c, uint64_t offset, const Sink& sink) {
  if (place_ == Place::kTop) {
    if (c == '[') place_ = Place::kFirstElement;
    return c == '[';
  }
  if (c == ',' || c == ']') {
    if (place_ == Place::kNextElement || (place_ == Place::kFirstElement && c == ',')) {
      Damaged("an element of the array of events is missing", offset, sink);
    }
    place_ = c == ',' ? Place::kNextElement : Place::kTop;
    return true;
  }
  if (place_ == Place::kAfterElement) Damaged("a comma is missing in the array of events", offset, sink);
  place_ = Place::kAfterElement;
  return false;
}

// The byte behind the value, which is then no longer `inside_`, or the end of the chunk.
size_t Framer::ScanValue(std::string_view bytes, size_t at) {
  if (scalar_) {
    while (at < bytes.size() && !EndsJsonScalar(bytes[at])) ++at;
    inside_ = at == bytes.size();
    return at;
  }
  while (at < bytes.size()) {
    char c = bytes[at++];
    if (escaped_) {
      escaped_ = false;
    } else if (quoted_) {
      escaped_ = c == '\\';
      quoted_ = c != '"';
      inside_ = quoted_ || depth_ != 0;
    } else if (c == '"') {
      quoted_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (c == '}' || c == ']') {
      inside_ = --depth_ != 0;
    }
    if (!inside_) return at;
  }
  return at;
}

void Framer::TakePiece(std::string_view piece, bool last, const Sink& sink) {
  if (!dropping_ && pending_.size() + piece.size() > options_.max_record_bytes) {
    dropping_ = true;
    TooLong(pending_offset_, sink);
  }
  if (dropping_) {
    pending_.clear();
    dropping_ = !last;
  } else if (last && pending_.empty()) {
    Emit(piece, pending_offset_, sink);
  } else {
    pending_ += piece;
    if (!last) return;
    EmitHeld(pending_, pending_offset_, sink);
    pending_.clear();
  }
}

void Framer::FinishJson(const Sink& sink) {
  // A cut string, array or object is a record of which the parser says that it is cut; enough for one cut.
  bool cut_value = inside_ && !scalar_;
  if (inside_) TakePiece({}, true, sink);
  inside_ = false;
  if (place_ != Place::kTop && !cut_value) Damaged("the input ends inside an array of events", consumed_, sink);
}

void Framer::Finish(const Sink& sink) {
  if (format_ == InputFormat::kAuto) {
    Sniff(true);
    std::string held = std::move(pending_);
    pending_.clear();
    Feed(held, sink);
  }
  if (format_ == InputFormat::kJson) return FinishJson(sink);
  if (!pending_.empty()) HeldLine(sink);
  if (has_data_) {
    const Unclosed end = AtEndOf(data_);
    if (end.depth > 0 || end.quoted) {
      has_data_ = false;
      Damaged("the input ends inside this event", data_offset_, sink);
    }
  }
  EndSseEvent(sink);
}

}  // namespace edict
