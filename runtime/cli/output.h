// Standard output with errors that are noticed: a full disk or a closed pipe ends the command, not silently.
#ifndef EDICT_RUNTIME_CLI_OUTPUT_H_
#define EDICT_RUNTIME_CLI_OUTPUT_H_

#include <atomic>
#include <string>
#include <string_view>

namespace edict::cli {

// Exit codes of every command.
inline constexpr int kClean = 0;
inline constexpr int kFindings = 1;
inline constexpr int kCouldNotRun = 2;

// Buffered writer on stdout. After a failed write everything else is dropped and `failed()` is true.
class Output {
 public:
  Output() = default;
  // Gathers everything in `target`, which outlives it, in place of stdout.
  explicit Output(std::string* target) : target_(target) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Write(std::string_view text);
  // Writes what is buffered; false after any failure, which has then been told on stderr once.
  bool Flush();
  // Also from other threads than the one that writes.
  bool failed() const { return failed_.load(std::memory_order_relaxed); }
  // Whether to colour text on this file descriptor: a terminal, and NO_COLOR unset (https://no-color.org).
  static bool Colour(int fd);

 private:
  std::string* target_ = nullptr;
  std::string buffer_;
  std::atomic<bool> failed_{false};
};

// "edict: MESSAGE" on stderr.
void PrintError(std::string_view message);

// Events may hold anything: control characters become spaces, so that none of theirs reaches the terminal.
void AppendPrintable(std::string& out, std::string_view text);

// A JSON string literal (RFC 8259) of WTF-8 text: lone surrogates and bytes that are no UTF-8 are written as escapes
// (\udXXX, U+FFFD), control characters likewise.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_OUTPUT_H_
