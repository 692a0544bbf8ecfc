#include "runtime/cli/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace edict::cli {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;

// Length of the well-formed (W)UTF-8 sequence at `i`, 0 if there is none. `surrogate` tells a WTF-8 surrogate.
size_t SequenceLength(std::string_view text, size_t i, bool& surrogate) {
  auto byte = [&](size_t k) { return static_cast<unsigned char>(text[k]); };
  auto continues = [&](size_t k) { return k < text.size() && (byte(k) & 0xC0) == 0x80; };
  surrogate = false;
  unsigned char c = byte(i);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return continues(i + 1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    if (!continues(i + 1) || !continues(i + 2) || (c == 0xE0 && byte(i + 1) < 0xA0)) return 0;
    surrogate = c == 0xED && byte(i + 1) >= 0xA0;
    return 3;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if (!continues(i + 1) || !continues(i + 2) || !continues(i + 3)) return 0;
    if ((c == 0xF0 && byte(i + 1) < 0x90) || (c == 0xF4 && byte(i + 1) > 0x8F)) return 0;
    return 4;
  }
  return 0;
}

void AppendUnicodeEscape(std::string& out, unsigned code_unit) {
  char escape[7];
  std::snprintf(escape, sizeof escape, "\\u%04x", code_unit);
  out += escape;
}

void AppendAscii(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
        AppendUnicodeEscape(out, static_cast<unsigned char>(c));
      } else {
        out.push_back(c);
      }
  }
}

}  // namespace

void Output::Write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) Flush();
}

bool Output::Flush() {
  if (target_ != nullptr) {
    target_->append(buffer_);
    buffer_.clear();
    return true;
  }
  std::string_view rest = buffer_;
  while (!failed_ && !rest.empty()) {
    ssize_t n = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      failed_ = true;
      PrintError(std::string("cannot write to standard output: ") + std::strerror(errno));
    } else {
      rest.remove_prefix(static_cast<size_t>(n));
    }
  }
  buffer_.clear();
  return !failed_;
}

bool Output::Colour(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && isatty(fd) != 0;
}

void PrintError(std::string_view message) {
  std::fprintf(stderr, "edict: %.*s\n", static_cast<int>(message.size()), message.data());
}

void AppendPrintable(std::string& out, std::string_view text) {
  for (char c : text) out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
}

void AppendJsonString(std::string& out, std::string_view text) {
  out.push_back('"');
  for (size_t i = 0; i < text.size();) {
    bool surrogate = false;
    size_t n = SequenceLength(text, i, surrogate);
    if (n == 0) {
      out += "\\ufffd";
      n = 1;
    } else if (n == 1) {
      AppendAscii(out, text[i]);
    } else if (surrogate) {
      AppendUnicodeEscape(out, 0xD000u | ((static_cast<unsigned char>(text[i + 1]) & 0x3Fu) << 6) |
                                   (static_cast<unsigned char>(text[i + 2]) & 0x3Fu));
    } else {
      out += text.substr(i, n);
    }
    i += n;
  }
  out.push_back('"');
}

}  // namespace edict::cli
