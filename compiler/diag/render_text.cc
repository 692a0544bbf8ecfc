#include <algorithm>
#include <string>
#include <string_view>

#include "compiler/diag/diagnostic.h"

namespace edict::diag {
namespace {

using source::SourceFile;
using source::SourceSet;
using source::Span;

// A source line wider than this is cut to a window around the span; in columns.
constexpr size_t kMaxWidth = 160;
constexpr size_t kContext = 60;  // columns kept before the span when a line is cut

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kBlue = "\x1b[1;34m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kReset = "\x1b[0m";

class TextRenderer {
 public:
  TextRenderer(const SourceSet& sources, bool color) : sources_(sources), color_(color) {}

  void Render(const Diagnostic& diagnostic) {
    const Severity severity = CodeSeverity(diagnostic.code);
    const std::string_view tint = severity == Severity::kError ? kRed : severity == Severity::kWarning ? kYellow : kBlue;
    if (diagnostic.span.valid()) out_ += Painted(kBold, Place(diagnostic.span) + ": ");
    out_ += Painted(tint, std::string(SeverityWord(severity)) + "[" + CodeText(diagnostic.code) + "]");
    out_ += ": " + Printable(diagnostic.message) + "\n";
    if (diagnostic.span.valid()) {
      SourceLine(diagnostic.span);
      Mark(diagnostic.span, '^', tint, "");
    }
    const Span* shown = diagnostic.span.valid() ? &diagnostic.span : nullptr;
    for (const Label& label : diagnostic.labels) {
      if (!label.span.valid()) {
        out_ += "  note: " + Printable(label.text) + "\n";
        continue;
      }
      if (shown == nullptr || !SameLine(*shown, label.span)) {
        out_ += "  --> " + Place(label.span) + "\n";
        SourceLine(label.span);
      }
      Mark(label.span, '-', kBlue, label.text);
      shown = &label.span;
    }
    for (const FixIt& fix : diagnostic.fixes) Fix(fix);
  }

  std::string Take() { return std::move(out_); }

 private:
  static std::string_view SeverityWord(Severity severity) {
    switch (severity) {
      case Severity::kError:
        return "error";
      case Severity::kWarning:
        return "warning";
      case Severity::kNote:
        return "note";
    }
    return "error";
  }

  // Control characters of a hostile source must not reach a terminal; a tab takes one column, as carets do.
  static std::string Printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '\t' || c == '\n' || c == '\r')
        out += ' ';
      else if (byte < 0x20 || byte == 0x7f)
        out += '?';
      else
        out += c;
    }
    return out;
  }

  std::string Painted(std::string_view tint, const std::string& text) const {
    if (!color_) return text;
    return std::string(tint) + text + std::string(kReset);
  }

  std::string Place(Span span) const {
    const SourceFile& file = sources_.file(span.file);
    const source::LineColumn at = file.At(span.begin);
    return file.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  }

  bool SameLine(Span a, Span b) const {
    return a.file == b.file && sources_.file(a.file).At(a.begin).line == sources_.file(b.file).At(b.begin).line;
  }

  // The first column (0-based) of the window shown of this span's line, by the width limit.
  static size_t WindowStart(size_t line_width, size_t column) {
    if (line_width <= kMaxWidth || column <= kContext) return 0;
    return column - kContext;
  }

  // The text of `count` code points of `line` from the 0-based code point `from`.
  static std::string_view Columns(std::string_view line, size_t from, size_t count) {
    size_t begin = line.size();
    size_t column = 0;
    for (size_t i = 0; i < line.size(); ++i) {
      if ((static_cast<unsigned char>(line[i]) & 0xC0) == 0x80) continue;
      if (column == from) begin = i;
      if (column == from + count) return line.substr(begin, i - begin);
      ++column;
    }
    return line.substr(begin);
  }

  static size_t Width(std::string_view text) {
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  }

  void SourceLine(Span span) {
    const SourceFile& file = sources_.file(span.file);
    const source::LineColumn at = file.At(span.begin);
    const std::string_view line = file.Line(at.line);
    window_ = WindowStart(Width(line), at.column - 1);
    const std::string number = std::to_string(at.line);
    gutter_ = std::string(std::max<size_t>(number.size(), 3), ' ');
    out_ += std::string(gutter_.size() - number.size(), ' ') + number + " | ";
    out_ += Printable(Columns(line, window_, kMaxWidth)) + "\n";
  }

  void Mark(Span span, char mark, std::string_view tint, const std::string& text) {
    const SourceFile& file = sources_.file(span.file);
    const source::LineColumn at = file.At(span.begin);
    const source::LineColumn end = file.At(span.end);
    const size_t line_end = Width(file.Line(at.line)) + 1;
    const size_t last = end.line == at.line ? end.column : line_end;
    const size_t begin = at.column - 1 >= window_ ? at.column - 1 - window_ : 0;
    size_t length = last > at.column ? last - at.column : 1;
    length = std::min(length, kMaxWidth > begin ? kMaxWidth - begin : 1);
    out_ += gutter_ + " | " + std::string(std::min(begin, kMaxWidth), ' ');
    out_ += Painted(tint, std::string(length, mark) + (text.empty() ? "" : " " + Printable(text))) + "\n";
  }

  void Fix(const FixIt& fix) {
    out_ += gutter_ + " = fix: " + Printable(fix.title);
    if (fix.span.begin == fix.span.end)
      out_ += ": insert `" + Printable(fix.text) + "`";
    else if (fix.text.empty())
      out_ += ": remove this";
    else
      out_ += ": write `" + Printable(fix.text) + "`";
    out_ += "\n";
  }

  const SourceSet& sources_;
  const bool color_;
  std::string out_;
  std::string gutter_ = "   ";
  size_t window_ = 0;
};

}  // namespace

std::string RenderText(const Diagnostics& diagnostics, const source::SourceSet& sources, bool color) {
  TextRenderer renderer(sources, color);
  for (const Diagnostic& diagnostic : diagnostics.Sorted()) renderer.Render(diagnostic);
  std::string text = renderer.Take();
  if (diagnostics.dropped() != 0) text += "and " + std::to_string(diagnostics.dropped()) + " more diagnostics\n";
  return text;
}

}  // namespace edict::diag
