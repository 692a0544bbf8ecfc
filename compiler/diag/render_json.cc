#include <nlohmann/json.hpp>
#include <string>

#include "compiler/diag/diagnostic.h"

namespace edict::diag {
namespace {

using Json = nlohmann::ordered_json;

const char* SeverityWord(Severity severity) {
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

// Adds the place of a span to `object`; nothing for a span without a place.
void AddPlace(Json& object, source::Span span, const source::SourceSet& sources) {
  if (!span.valid()) return;
  const source::SourceFile& file = sources.file(span.file);
  const source::LineColumn begin = file.At(span.begin);
  const source::LineColumn end = file.At(span.end);
  object["file"] = file.name();
  object["line"] = begin.line;
  object["column"] = begin.column;
  object["end_line"] = end.line;
  object["end_column"] = end.column;
}

Json ToJson(const Diagnostic& diagnostic, const source::SourceSet& sources) {
  Json object;
  object["code"] = CodeText(diagnostic.code);
  object["severity"] = SeverityWord(CodeSeverity(diagnostic.code));
  object["title"] = CodeTitle(diagnostic.code);
  object["message"] = diagnostic.message;
  AddPlace(object, diagnostic.span, sources);
  object["labels"] = Json::array();
  for (const Label& label : diagnostic.labels) {
    Json item;
    item["text"] = label.text;
    AddPlace(item, label.span, sources);
    object["labels"].push_back(std::move(item));
  }
  object["fixes"] = Json::array();
  for (const FixIt& fix : diagnostic.fixes) {
    Json item;
    item["title"] = fix.title;
    item["text"] = fix.text;
    AddPlace(item, fix.span, sources);
    object["fixes"].push_back(std::move(item));
  }
  return object;
}

}  // namespace

std::string RenderJson(const Diagnostics& diagnostics, const source::SourceSet& sources) {
  Json document;
  document["version"] = 1;
  document["diagnostics"] = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.Sorted()) document["diagnostics"].push_back(ToJson(diagnostic, sources));
  document["dropped"] = diagnostics.dropped();
  // A hostile source may put bytes that are not UTF-8 into names and messages.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace edict::diag
