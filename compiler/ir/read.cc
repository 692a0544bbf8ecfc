#include "compiler/ir/read.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "compiler/ir/plan_reader.h"
#include "compiler/ir/read_time.h"
#include "compiler/ir/text.h"
#include "compiler/ir/verify.h"

namespace edict::ir {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : in_(text), nodes_(in_, b_), plans_(in_, b_, nodes_) {}

  Result<Program> Run() {
    Head();
    while (!in_.failed() && !in_.AtEnd()) Section();
    PlaceShapes();
    if (!in_.failed()) {
      Status verified = Verify(p_);
      if (!verified.ok()) in_.Fail(verified.error().message);
    }
    if (in_.failed()) return in_.error();
    return b_.Take();
  }

 private:
  // Shapes that stand where they are used get their place after those with lines of their own, when these are all known:
  // at the first event. Until then they are numbered from here.
  static constexpr uint32_t kInPlace = 0x80000000u;

  void Head();
  void Section();
  void OneCode();
  void OneFault();
  void OneHostFunction();
  void OneEnum();
  void OneScope();
  void OneCell(CellKind kind);
  void Initial(Cell& cell);
  void OneLifecycle();
  Keep OneKeep();
  void OneDocument();
  void OneReload();
  uint32_t ShapeReference();
  void OneShape();
  void ShapeHead(Shape& shape);
  void ShapeLine(Shape& shape);
  void PlaceShapes();
  void OneEvent();
  void OnePassed();

  Kind KindWord() { return static_cast<Kind>(in_.OneOf(kKindWords, "a kind")); }
  uint32_t CodeReference() { return ReadReference(in_, p_.codes, &Code::code, "a code"); }
  uint32_t ScopeReference() { return in_.TakeWord("in") ? ReadReference(in_, p_.scopes, &Scope::name, "a scope") : kNone; }
  void Bound(uint64_t& bound, uint32_t& code) {
    if (in_.TakeWord("bound")) bound = in_.Number(~uint64_t{0});
    if (in_.TakeWord("else")) code = CodeReference();
  }

  Cursor in_;
  Builder b_;
  Program& p_ = b_.program();
  NodeReader nodes_;
  PlanReader plans_;
  Arena literals_;
  std::vector<Shape> in_place_;  // each different from the others
  bool placed_ = false;
  uint32_t listed_ = 0;         // shapes with lines of their own, once placed
  uint32_t highest_shape_ = 0;  // one beyond the highest #n that is referred to
  size_t highest_at_ = 0;
};

void Reader::Head() {
  in_.NeedWord("program");
  p_.package = in_.Name("a package");
  p_.version = in_.Name("a version");
  in_.EndLine();
  if (!in_.TakeWord("discriminator")) return;
  p_.discriminator = b_.StringConstant(in_.Name("a field"));
  in_.EndLine();
}

void Reader::Section() {
  if (in_.TakeWord("code")) return OneCode();
  if (in_.TakeWord("fault")) return OneFault();
  if (in_.TakeWord("host")) return OneHostFunction();
  if (in_.TakeWord("enum")) return OneEnum();
  if (in_.TakeWord("scope")) return OneScope();
  if (in_.TakeWord("lifecycle")) return OneLifecycle();
  if (in_.TakeWord("document")) return OneDocument();
  if (in_.TakeWord("clock")) return ReadClock(in_, p_);
  if (in_.TakeWord("window")) return ReadWindow(in_, p_);
  if (in_.TakeWord("sequence")) return ReadTimer(in_, p_, false);
  if (in_.TakeWord("deadline")) return ReadTimer(in_, p_, true);
  if (in_.TakeWord("reload")) return OneReload();
  if (in_.TakeWord("passed")) return OnePassed();
  if (in_.TakeWord("shape")) return OneShape();
  if (in_.TakeWord("event")) return OneEvent();
  for (size_t kind = 0; kind < std::size(kCellWords); ++kind) {
    if (in_.TakeWord(kCellWords[kind])) return OneCell(static_cast<CellKind>(kind));
  }
  if (!in_.TakeWord("end")) return in_.Fail("expected a declaration, such as code, shape or event");
  in_.NeedWord("of");
  in_.NeedWord("stream");
  in_.EndLine();
  plans_.Read(nullptr, p_.end_checks, nullptr);
}

// ---- codes, state ----------------------------------------------------------------------------------------------------

void Reader::OneCode() {
  Code code;
  code.code = in_.Name("a code");
  code.severity = static_cast<Severity>(in_.OneOf(kSeverityWords, "a severity"));
  code.title = in_.String("a title");
  code.rule = in_.TakeWord("rule") ? in_.Name("a rule") : code.code;
  code.package = in_.TakeWord("package") ? in_.Name("a package") : p_.package;
  in_.EndLine();
  while (!in_.failed() && in_.Indented()) {
    if (in_.TakeWord("fix")) {
      code.fix = in_.String("a text");
    } else if (in_.TakeWord("see")) {
      code.see = in_.String("a text");
    } else if (in_.TakeWord("doc")) {
      code.doc = in_.String("a text");
    } else {
      in_.NeedWord("tags");
      while (!in_.LineEnds()) code.tags.push_back(in_.Name("a tag"));
    }
    in_.EndLine();
  }
  p_.codes.push_back(std::move(code));
}

void Reader::OneFault() {
  uint32_t fault = in_.OneOf(kFaultWords, "a fault");
  p_.faults[fault] = CodeReference();
  in_.EndLine();
}

void Reader::OneHostFunction() {
  HostDecl host;
  host.name = in_.Name("a host function");
  in_.Need(":");
  while (!in_.failed() && !in_.Take("->")) host.params.push_back(KindWord());
  host.result = KindWord();
  in_.NeedWord("cost");
  host.cost = in_.Index();
  in_.EndLine();
  if (!in_.failed()) p_.host_functions.push_back(std::move(host));
}

void Reader::OneEnum() {
  Enum e;
  e.name = in_.Name("an enum");
  in_.Need(":");
  while (!in_.LineEnds()) e.names.push_back(in_.Name("a name"));
  in_.EndLine();
  p_.enums.push_back(std::move(e));
}

void Reader::OneScope() {
  Scope scope;
  scope.name = in_.Name("a scope");
  scope.parent = ScopeReference();
  in_.EndLine();
  p_.scopes.push_back(std::move(scope));
}

void Reader::OneCell(CellKind kind) {
  Cell cell;
  cell.kind = kind;
  cell.name = in_.Name("a cell");
  cell.optional = in_.TakeNow("?");
  in_.Need(":");
  Kind first = KindWord();
  bool keyed = in_.Take("->");
  if (keyed || kind == CellKind::kSet) cell.key_rep = first;
  if (keyed) cell.rep = KindWord();
  if (!keyed && kind == CellKind::kMap) in_.Fail("expected -> and the kind of the map's values");
  if (!keyed && kind == CellKind::kScalar) cell.rep = first;
  if (in_.TakeWord("of")) cell.enum_id = ReadReference(in_, p_.enums, &Enum::name, "an enum");
  if (in_.Take("=")) Initial(cell);
  Bound(cell.bound, cell.bound_code);
  if (in_.TakeWord("bytes")) cell.bound_bytes = in_.Number(~uint64_t{0});
  cell.scope = ScopeReference();
  in_.EndLine();
  if (!in_.failed()) p_.cells.push_back(std::move(cell));
}

void Reader::Initial(Cell& cell) {
  Value initial = in_.Literal(literals_);
  if (in_.failed()) return;
  cell.initial = b_.Constant(initial);
  if (cell.enum_id == kNone || initial.kind != Kind::kInt) return;
  const std::vector<std::string>& names = p_.enums[cell.enum_id].names;
  if (static_cast<uint64_t>(initial.i) >= names.size()) return;
  size_t begin = in_.position();
  if (in_.Name("a state") != names[static_cast<size_t>(initial.i)]) in_.FailAt(begin, "the number stands for another name");
}

void Reader::OneLifecycle() {
  Lifecycle lifecycle;
  lifecycle.name = in_.Name("a lifecycle");
  in_.NeedWord("of");
  lifecycle.key_count = in_.Index();
  if (!in_.TakeWord("keys")) in_.NeedWord("key");
  in_.Need(",");
  in_.NeedWord("states");
  lifecycle.states = ReadReference(in_, p_.enums, &Enum::name, "an enum");
  Bound(lifecycle.bound, lifecycle.bound_code);
  lifecycle.scope = ScopeReference();
  in_.EndLine();
  while (!in_.failed() && in_.Indented()) {
    lifecycle.keeps.push_back(OneKeep());
    in_.EndLine();
  }
  if (!in_.failed()) p_.lifecycles.push_back(std::move(lifecycle));
}

Keep Reader::OneKeep() {
  in_.NeedWord("keep");
  Keep keep;
  keep.name = in_.Name("a keep");
  in_.Need(":");
  keep.rep = KindWord();
  if (in_.Take("=")) {
    Value initial = in_.Literal(literals_);
    if (!in_.failed()) keep.initial = b_.Constant(initial);
  }
  Bound(keep.bound, keep.bound_code);
  return keep;
}

void Reader::OneDocument() {
  Document document;
  document.name = in_.Name("a document");
  Bound(document.bound, document.bound_code);
  document.scope = ScopeReference();
  in_.EndLine();
  if (!in_.failed()) p_.documents.push_back(std::move(document));
}

void Reader::OneReload() {
  using Of = ReloadClause::Of;
  ReloadClause reload;
  reload.of = static_cast<Of>(in_.OneOf(kReloadWords, "what is reloaded"));
  switch (reload.of) {
    case Of::kCell:
      reload.target = ReadReference(in_, p_.cells, &Cell::name, "a cell");
      break;
    case Of::kLifecycle:
    case Of::kKeep:
      reload.target = ReadReference(in_, p_.lifecycles, &Lifecycle::name, "a lifecycle");
      break;
    case Of::kDocument:
      reload.target = ReadReference(in_, p_.documents, &Document::name, "a document");
      break;
    case Of::kWindow:
      reload.target = ReadReference(in_, p_.windows, &Window::name, "a window");
      break;
    case Of::kTimer:
      reload.target = ReadReference(in_, p_.timers, &Timer::name, "a sequence or deadline");
      break;
  }
  if (in_.failed()) return;
  if (reload.of == Of::kKeep) reload.member = ReadReference(in_, p_.lifecycles[reload.target].keeps, &Keep::name, "a keep");
  reload.policy = static_cast<ReloadClause::Policy>(in_.OneOf(kPolicyWords, "a policy"));
  if (reload.policy == ReloadClause::Policy::kMigrate) reload.text = in_.String("an expression");
  in_.EndLine();
  nodes_.Begin(nullptr);
  while (!in_.failed() && in_.Indented()) {
    if (!nodes_.TakeDefinition()) {
      in_.NeedWord("to");
      p_.local_count = std::max(p_.local_count, 1u);
      reload.value = nodes_.Expression();
    }
    in_.EndLine();
  }
  if (!in_.failed()) p_.reloads.push_back(std::move(reload));
}

// ---- shapes ----------------------------------------------------------------------------------------------------------

uint32_t Reader::ShapeReference() {
  if (in_.Take("#")) {
    size_t begin = in_.position();
    auto number = static_cast<uint32_t>(in_.Number(kInPlace - 1));
    if (number >= highest_shape_) {
      highest_shape_ = number + 1;
      highest_at_ = begin;
    }
    if (placed_ && number >= listed_) in_.FailAt(begin, "there is no such shape");
    return number;
  }
  Shape shape;
  shape.kind = static_cast<ShapeKind>(in_.OneOf(kShapeWords, "a shape"));
  if (!IsPlainKind(shape.kind)) in_.Fail("a shape of this kind has a line of its own");
  if (in_.TakeWord("or")) {
    in_.NeedWord("null");
    shape.nullable = true;
  }
  auto same = [&](const Shape& other) { return other.kind == shape.kind && other.nullable == shape.nullable; };
  auto found = std::find_if(in_place_.begin(), in_place_.end(), same);
  auto index = static_cast<uint32_t>(found - in_place_.begin());
  if (found == in_place_.end()) {
    if (placed_) p_.shapes.push_back(shape);
    in_place_.push_back(std::move(shape));
  }
  return (placed_ ? listed_ : kInPlace) + index;
}

void Reader::OneShape() {
  if (placed_) in_.Fail("shapes come before events");
  in_.Need("#");
  size_t begin = in_.position();
  if (in_.Index() != p_.shapes.size()) in_.FailAt(begin, "shapes are numbered from 0, in order");
  Shape shape;
  ShapeHead(shape);
  in_.EndLine();
  nodes_.Begin(nullptr);
  while (!in_.failed() && in_.Indented()) {
    if (!nodes_.TakeDefinition()) ShapeLine(shape);
    in_.EndLine();
  }
  p_.shapes.push_back(std::move(shape));
}

void Reader::ShapeHead(Shape& shape) {
  shape.kind = static_cast<ShapeKind>(in_.OneOf(kShapeWords, "a kind of shape"));
  if (in_.TakeWord("named")) shape.name = in_.Name("a name");
  shape.closed = in_.TakeWord("closed");
  if (in_.TakeWord("or")) {
    in_.NeedWord("null");
    shape.nullable = true;
  }
  if (in_.TakeWord("of")) shape.element = ShapeReference();
  if (in_.TakeWord("by")) shape.tag_field = b_.StringConstant(in_.Name("a field"));
  if (in_.TakeWord("values")) {
    while (!in_.LineEnds() && !in_.AtWord("members")) {
      Value literal = in_.Literal(literals_);
      if (!in_.failed()) shape.literals.push_back(b_.Constant(literal));
    }
  }
  if (in_.TakeWord("members")) {
    while (!in_.LineEnds()) shape.members.push_back(ShapeReference());
  }
}

// A field, "name?: shape", or what begins with a word and a space.
void Reader::ShapeLine(Shape& shape) {
  std::string word = in_.Name("a field");
  bool optional = in_.TakeNow("?");
  if (in_.TakeNow(":")) {
    ShapeField field;
    field.name = b_.StringConstant(word);
    field.optional = optional;
    field.shape = ShapeReference();
    if (in_.TakeWord("in")) {
      in_.NeedWord("slot");
      field.slot = in_.Index();
    }
    shape.fields.push_back(field);
  } else if (word == "tag") {
    ShapeAlternative alternative;
    alternative.tag = b_.StringConstant(in_.Name("a tag"));
    in_.Need(":");
    alternative.shape = ShapeReference();
    shape.alternatives.push_back(alternative);
  } else if (word == "otherwise") {
    shape.otherwise = ShapeReference();
  } else if (word == "where") {
    ShapeConstraint constraint;
    p_.local_count = std::max(p_.local_count, 1u);
    constraint.condition = nodes_.Expression();
    if (in_.TakeWord("else")) constraint.code = CodeReference();
    if (in_.TakeWord("message")) constraint.message = in_.String("a message");
    shape.constraints.push_back(std::move(constraint));
  } else {
    in_.Fail("expected a field, tag, otherwise or where");
  }
}

void Reader::PlaceShapes() {
  if (placed_) return;
  placed_ = true;
  listed_ = static_cast<uint32_t>(p_.shapes.size());
  if (highest_shape_ > listed_) in_.FailAt(highest_at_, "there is no such shape");
  auto place = [&](uint32_t& shape) {
    if (shape != kNone && shape >= kInPlace) shape = listed_ + (shape - kInPlace);
  };
  for (Shape& shape : p_.shapes) {
    place(shape.element);
    place(shape.otherwise);
    for (ShapeField& field : shape.fields) place(field.shape);
    for (ShapeAlternative& alternative : shape.alternatives) place(alternative.shape);
    for (uint32_t& member : shape.members) place(member);
  }
  p_.shapes.insert(p_.shapes.end(), in_place_.begin(), in_place_.end());
}

// ---- events ----------------------------------------------------------------------------------------------------------

void Reader::OneEvent() {
  PlaceShapes();
  EventType event;
  if (in_.PeekToken() != '(') event.name = in_.Name("an event type");
  bool unknown = in_.Take("(any other)");
  event.shape = ShapeReference();
  bool counted = in_.TakeWord("of");
  if (counted) {
    event.slot_count = static_cast<uint32_t>(in_.Number(1u << 20));
    in_.NeedWord("slots");
  }
  if (in_.TakeWord("time")) {
    in_.NeedWord("in");
    event.time_slot = in_.Index();
  }
  if (in_.Take(":")) {
    do {
      event.slot_names.push_back(in_.Name("a slot's name"));
    } while (in_.Take(","));
  }
  if (!counted) event.slot_count = static_cast<uint32_t>(event.slot_names.size());
  event.span = plans_.Place();
  in_.EndLine();
  if (unknown) p_.unknown_event = static_cast<uint32_t>(p_.events.size());
  plans_.Read(&event, event.checks, &event.effects);
  p_.events.push_back(std::move(event));
}

void Reader::OnePassed() {
  uint32_t timer = ReadReference(in_, p_.timers, &Timer::name, "a deadline");
  in_.EndLine();
  if (!in_.failed()) plans_.Read(nullptr, p_.timers[timer].expiry, nullptr);
}

}  // namespace

Result<Program> Read(std::string_view text) { return Reader(text).Run(); }

}  // namespace edict::ir
