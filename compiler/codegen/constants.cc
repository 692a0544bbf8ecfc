// The Program's constants as data of the module: an object file needs no address of the Program.
#include "compiler/codegen/function_builder.h"

namespace edict::codegen {
namespace {

uint64_t HeaderBits(const Value& value) {
  // A view of JSON becomes a plain list or map.
  bool container = value.kind == Kind::kList || value.kind == Kind::kMap;
  uint64_t flags = container ? 0 : value.flags;
  return static_cast<uint64_t>(value.kind) | flags << 8 | static_cast<uint64_t>(value.size) << 32;
}

bool HasText(Kind kind) { return kind == Kind::kString || kind == Kind::kBytes || kind == Kind::kType; }

llvm::GlobalVariable* Global(llvm::Module& module, llvm::Constant* data, const char* name, llvm::Align align) {
  auto* global = new llvm::GlobalVariable(module, data->getType(), true, llvm::GlobalValue::PrivateLinkage, data, name);
  global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  global->setAlignment(align);
  return global;
}

}  // namespace

llvm::Constant* FunctionBuilder::Data(std::string_view bytes) {
  llvm::StringRef text(bytes.data(), bytes.size());
  return Global(context_.module, llvm::ConstantDataArray::getString(b_.getContext(), text, false), "text", llvm::Align(1));
}

llvm::Constant* FunctionBuilder::PayloadOf(const Value& value) {
  if (HasText(value.kind)) return Data(value.text());
  if (value.kind == Kind::kBool) return Word(value.b ? 1 : 0);
  std::vector<llvm::Constant*> words;
  const auto add = [&](const Value& part) {
    words.push_back(Word(HeaderBits(part)));
    words.push_back(PayloadOf(part));
  };
  if (value.kind == Kind::kList) {
    for (ListCursor c(value); c.Next();) add(c.value());
  } else if (value.kind == Kind::kMap) {
    for (MapCursor c(value); c.Next();) {
      add(c.key());
      add(c.value());
    }
  } else if (value.kind == Kind::kOptional) {
    if (value.inner == nullptr) return Word(0);
    add(*value.inner);
  } else {
    return Word(value.u);
  }
  return Global(context_.module, llvm::ConstantStruct::getAnon(b_.getContext(), words), "values", llvm::Align(16));
}

Operand FunctionBuilder::Constant(uint32_t constant) {
  const Value& value = program().constants[constant];
  llvm::Constant*& data = context_.constants[constant];
  if (data == nullptr) data = PayloadOf(value);
  llvm::Value* payload = data->getType()->isPointerTy() ? b_.CreatePtrToInt(data, b_.getInt64Ty()) : data;
  return Unbox(value.kind, Boxed(Word(HeaderBits(value)), payload));
}

}  // namespace edict::codegen
