// Source files and spans. A Span names bytes of one file; line and column are computed on demand, since only
// diagnostics and findings' links need them. C++17-clean: the generated parser includes this header.
#ifndef EDICT_COMPILER_SOURCE_SOURCE_H_
#define EDICT_COMPILER_SOURCE_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace edict::source {

// A half-open byte range of one source file. `file` indexes SourceSet. A default Span (file == kNoFile) means "no place".
struct Span {
  static constexpr uint32_t kNoFile = 0xffffffffu;
  uint32_t file = kNoFile;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool valid() const { return file != kNoFile; }
};

// The smallest span that covers both; either may be invalid, both must be of one file otherwise.
Span Join(Span a, Span b);

// 1-based line, 1-based column counted in Unicode code points.
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

// One file's name (as the user gave or would open it) and text.
class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  LineColumn At(uint32_t offset) const;
  // The text of a 1-based line without its line break.
  std::string_view Line(uint32_t line) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

// The files of one compilation. Files are only added; references stay valid.
class SourceSet {
 public:
  uint32_t Add(std::string name, std::string text);
  const SourceFile& file(uint32_t id) const { return *files_[id]; }
  uint32_t size() const { return static_cast<uint32_t>(files_.size()); }

 private:
  std::vector<std::unique_ptr<SourceFile>> files_;
};

}  // namespace edict::source

#endif  // EDICT_COMPILER_SOURCE_SOURCE_H_
