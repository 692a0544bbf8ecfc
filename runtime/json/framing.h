// Cutting a byte stream into records of one JSON text each: NDJSON lines, SSE events (the EventSource format of the WHATWG
// HTML standard, of which only `data:` counts here), or the elements of a JSON array. Incremental: chunks may be cut anywhere.
#ifndef EDICT_RUNTIME_JSON_FRAMING_H_
#define EDICT_RUNTIME_JSON_FRAMING_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace edict {

enum class InputFormat : uint8_t { kAuto, kNdjson, kSse, kJson };

struct FramerOptions {
  // Bytes of one record's text. Default 64 MiB; a longer one is dropped and reported as one fault, and reading goes on behind it.
  uint64_t max_record_bytes = 64ull << 20;
};

struct Record {
  std::string_view text;  // lives during the call of the sink
  uint64_t offset = 0;    // byte of the whole input where the text starts
  size_t readable = 0;    // so many bytes behind the text can be read; of 64 or more the first is a zero
  std::string fault;      // not empty: a damaged frame, and why; `text` is then empty
};

class Framer {
 public:
  using Sink = std::function<void(const Record&)>;
  // Takes whole lines from the front of NDJSON text, which starts at byte `offset` of the input: the bytes of those that it took.
  // It is asked again behind a line that it left, which goes to the sink.
  using LinesSink = std::function<size_t(std::string_view text, uint64_t offset)>;
  explicit Framer(InputFormat format, FramerOptions options = {}, LinesSink lines = {})
      : format_(format), options_(options), lines_(std::move(lines)) {}

  void Feed(std::string_view bytes, const Sink& sink);
  // The end of the input: what is left is the last record.
  void Finish(const Sink& sink);

 private:
  // Where the next JSON value may stand.
  enum class Place : uint8_t { kTop, kFirstElement, kNextElement, kAfterElement };

  bool Sniff(bool at_end);
  // Lines: NDJSON and SSE.
  void FeedLines(std::string_view bytes, const Sink& sink);
  void LongLine(std::string_view piece, const Sink& sink);
  void Line(std::string_view line, uint64_t offset, const Sink& sink);
  void HeldLine(const Sink& sink);
  void Data(std::string_view line, uint64_t offset, const Sink& sink);
  void DropSseEvent(const Sink& sink);
  void EndSseEvent(const Sink& sink);
  // JSON.
  void FeedJson(std::string_view bytes, const Sink& sink);
  bool TakePunctuation(char c, uint64_t offset, const Sink& sink);
  size_t ScanValue(std::string_view bytes, size_t at);
  void TakePiece(std::string_view piece, bool last, const Sink& sink);
  void FinishJson(const Sink& sink);

  void Emit(std::string_view text, uint64_t offset, const Sink& sink, size_t readable = 0) const;
  void EmitHeld(std::string& text, uint64_t offset, const Sink& sink) const;
  void Damaged(std::string fault, uint64_t offset, const Sink& sink) const;
  void TooLong(uint64_t offset, const Sink& sink) const;

  InputFormat format_;
  FramerOptions options_;
  LinesSink lines_;
  uint64_t consumed_ = 0;  // bytes of earlier chunks
  std::string pending_;    // an unfinished line or JSON value; while the format is unknown, all bytes so far
  uint64_t pending_offset_ = 0;
  bool dropping_ = false;  // inside a line or JSON value that is too long
  // SSE
  std::string data_;
  uint64_t data_offset_ = 0;
  bool has_data_ = false;
  bool dropping_event_ = false;  // its fault is reported; the rest of its lines are ignored
  // JSON
  Place place_ = Place::kTop;
  bool inside_ = false;  // a value
  bool scalar_ = false;  // ... which is neither string, array nor object
  bool quoted_ = false;
  bool escaped_ = false;
  uint64_t depth_ = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_JSON_FRAMING_H_
