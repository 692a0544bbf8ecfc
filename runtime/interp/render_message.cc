#include "runtime/interp/interp.h"

namespace edict {
namespace {

// Cuts at a character's start and marks the cut.
void Cut(std::string& text, size_t cap) {
  if (text.size() <= cap) return;
  size_t end = cap;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  text += "...";
}

std::string TextOf(const Value& value) {
  if (value.is_error()) return std::string(value.error->detail);
  // Long strings are cut before they are printed: a message never costs more than it shows.
  if (value.kind == Kind::kString) return std::string(value.text().substr(0, kMessageValueBytes + 4));
  if (value.kind == Kind::kOptional) return value.inner == nullptr ? "none" : TextOf(*value.inner);
  return ToMessageText(value, kMessageValueBytes);
}

}  // namespace

std::string RenderMessage(const Frame& frame, const Message& message, size_t cap) {
  std::string text;
  for (size_t i = 0; i < message.parts.size(); ++i) {
    text += message.parts[i];
    if (i >= message.nodes.size()) break;
    std::string value = TextOf(Evaluate(frame, message.nodes[i]));
    Cut(value, kMessageValueBytes);
    text += value;
  }
  Cut(text, cap);
  return text;
}

}  // namespace edict
