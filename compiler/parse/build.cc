#include "compiler/parse/build.h"

#include <algorithm>

namespace edict::parse {

source::Span Builder::SpanOf(const Context* context) const {
  const Token* last = context->stop != nullptr ? context->stop : context->start;
  return scan_.SpanOf(*context->start, *last);
}

ast::Name Builder::Name(Grammar::NameContext* context) const { return ast::Name{Text(context->start), SpanOf(context)}; }

ast::Name Builder::Selector(Grammar::SelectorContext* context) const {
  ast::Name name{Text(context->start), SpanOf(context)};
  if (context->QUOTED_NAME() != nullptr) name.text = name.text.substr(1, name.text.size() - 2);
  return name;
}

ast::Name Builder::Label(Grammar::LabelContext* context) {
  return ast::Name{context->STRING() != nullptr ? String(context->STRING()) : Text(context->start), SpanOf(context)};
}

ast::Name Builder::FieldName(Grammar::FieldNameContext* context) {
  ast::Name name{Text(context->start), SpanOf(context)};
  if (context->STRING() != nullptr) name.text = String(context->STRING());
  if (context->QUOTED_NAME() != nullptr) name.text = name.text.substr(1, name.text.size() - 2);
  return name;
}

ast::Name Builder::DottedName(Grammar::DottedNameContext* context) const {
  ast::Name name{"", SpanOf(context)};
  for (auto* part : context->name()) {
    if (!name.text.empty()) name.text += '.';
    name.text += Text(part->start);
  }
  return name;
}

std::vector<ast::Name> Builder::Names(const std::vector<Grammar::NameContext*>& contexts) const {
  std::vector<ast::Name> names;
  for (auto* context : contexts) names.push_back(Name(context));
  return names;
}

std::vector<ast::Name> Builder::Labels(const std::vector<Grammar::LabelContext*>& contexts) {
  std::vector<ast::Name> names;
  for (auto* context : contexts) names.push_back(Label(context));
  return names;
}

DecodedText Builder::Decode(const Token* token) {
  DecodedText text = DecodeText(scan_.TextOf(*token));
  const uint32_t base = scan_.ByteOf(*token);
  for (const LiteralFault& fault : text.faults) {
    const source::Span span{scan_.file_id(), scan_.FileOffset(base + fault.begin), scan_.FileOffset(base + fault.end)};
    Report(diag::Code::kInvalidEscape, span, fault.message);
  }
  return text;
}

std::string Builder::String(antlr4::tree::TerminalNode* node) { return Decode(node->getSymbol()).value; }

std::string Builder::Doc(const Token* token) const {
  std::vector<std::string> lines;
  for (size_t i = token->getTokenIndex(); i-- > 0;) {
    const Token* comment = scan_.tokens()[i];
    if (comment->getChannel() == Token::DEFAULT_CHANNEL) break;
    if (comment->getType() != Grammar::DOC_COMMENT) continue;
    std::string line = Text(comment).substr(3);
    if (!line.empty() && line[0] == ' ') line.erase(0, 1);
    lines.push_back(std::move(line));
  }
  std::string doc;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (line != lines.rbegin()) doc += '\n';
    doc += *line;
  }
  return doc;
}

bool Builder::Once(source::Span* seen, source::Span now, std::string_view what) {
  if (!seen->valid()) {
    *seen = now;
    return true;
  }
  diag::Diagnostic& diagnostic = Report(diag::Code::kRepeatedClause, now, "'" + std::string(what) + "' is given twice");
  diagnostic.labels.push_back({*seen, "first given here"});
  return false;
}

void Builder::Package(Grammar::PackageDeclContext* context, ast::File& file) {
  ast::Name name = DottedName(context->dottedName());
  if (file.package) {
    diag::Diagnostic& diagnostic = Report(diag::Code::kRepeatedClause, SpanOf(context), "a file belongs to one package");
    diagnostic.labels.push_back({file.package->span, "first given here"});
    return;
  }
  file.package = std::move(name);
  if (context->VERSION() != nullptr) file.version = Text(context->VERSION()->getSymbol());
}

void Builder::Import(Grammar::ImportDeclContext* context, ast::File& file) {
  ast::ImportDecl import;
  import.span = SpanOf(context);
  if (auto* path = dynamic_cast<Grammar::ImportPathContext*>(context)) {
    import.target = String(path->STRING());
    import.is_path = true;
  } else {
    import.target = DottedName(dynamic_cast<Grammar::ImportPackageContext*>(context)->dottedName()).text;
  }
  file.imports.push_back(std::move(import));
}

ast::File Builder::File(Grammar::FileContext* context) {
  ast::File file;
  file.file_id = scan_.file_id();
  for (auto* child : context->children) {
    if (auto* package = dynamic_cast<Grammar::PackageDeclContext*>(child)) {
      if (Whole(package)) Package(package, file);
    } else if (auto* import = dynamic_cast<Grammar::ImportDeclContext*>(child)) {
      if (Whole(import)) Import(import, file);
    } else if (auto* declaration = dynamic_cast<Grammar::DeclarationContext*>(child)) {
      if (!Whole(declaration)) continue;
      if (auto out = Declaration(declaration)) file.declarations.push_back(std::move(out));
    }
  }
  return file;
}

std::unique_ptr<ast::Declaration> Builder::Declaration(Grammar::DeclarationContext* context) {
  auto out = std::make_unique<ast::Declaration>();
  if (context->typeDecl() != nullptr)
    out->item = TypeDecl(context->typeDecl());
  else if (context->eventDecl() != nullptr)
    out->item = EventDecl(context->eventDecl());
  else if (context->fnDecl() != nullptr)
    out->item = FnDecl(context->fnDecl());
  else if (context->hostFnDecl() != nullptr)
    out->item = HostFnDecl(context->hostFnDecl());
  else if (context->paramDecl() != nullptr)
    out->item = ParamDecl(context->paramDecl());
  else if (context->profileDecl() != nullptr)
    out->item = ProfileDecl(context->profileDecl());
  else if (context->testDecl() != nullptr)
    out->item = TestDecl(context->testDecl());
  else if (!AlsoInScope(context, *out))
    return nullptr;
  return out;
}

}  // namespace edict::parse
