#include "compiler/codegen/text_choice.h"

#include <algorithm>

namespace edict::codegen {
namespace {

// One class, within one function.
class PartEmitter {
 public:
  PartEmitter(FunctionBuilder& f, const TextClass& kind, const TextTable& table) : f_(f), b_(f.b()), kind_(kind), table_(table) {}

  // The row of the text, of which it is only known that it is as long as one of the class.
  llvm::Value* Row(llvm::Value* begin, llvm::Value* size) {
    llvm::Value* x = nullptr;
    for (uint32_t i = 0; i < kind_.words; ++i) {
      words_.push_back(WordAt(i, begin, size));
      llvm::Value* turned = i == 0 ? words_[i] : Rotate(words_[i], i * table_.spread % 64);
      x = x == nullptr ? turned : b_.CreateXor(x, turned);
    }
    llvm::Value* h = Hash(b_.CreateXor(x, b_.CreateShl(size, TextTable::kSizeShift)));
    llvm::Value* place = b_.CreateLShr(h, TextTable::kRowShift);
    if (table_.move_bits != 0) {
      llvm::Constant* moves = Global(llvm::ConstantDataArray::get(b_.getContext(), table_.moves), "moves");
      llvm::Value* at = b_.CreateInBoundsGEP(b_.getInt16Ty(), moves, b_.CreateLShr(h, 64 - table_.move_bits));
      place = b_.CreateXor(place, b_.CreateZExt(b_.CreateLoad(b_.getInt16Ty(), at), b_.getInt64Ty()));
    }
    place = b_.CreateAnd(place, f_.Word(table_.rows.size() - 1));
    return b_.CreateInBoundsGEP(llvm::ArrayType::get(b_.getInt64Ty(), RowWords()), Rows(), place);
  }

  // i1; behind Row.
  llvm::Value* Holds(llvm::Value* row, llvm::Value* size) {
    llvm::Value* difference = b_.CreateXor(b_.CreateAnd(SizeAndText(row), f_.Word(kSizeMask)), size);
    for (uint32_t i = 0; i < kind_.words; ++i) difference = b_.CreateOr(difference, b_.CreateXor(Load(row, i), words_[i]));
    return b_.CreateICmpEQ(difference, f_.Word(0));
  }

  llvm::Value* Text(llvm::Value* row) { return b_.CreateLShr(SizeAndText(row), f_.Word(kTextShift)); }

 private:
  static constexpr uint64_t kTextShift = 32;
  static constexpr uint64_t kSizeMask = (uint64_t{1} << kTextShift) - 1;

  // The words of a text, its size, and its number above that.
  uint64_t RowWords() const { return kind_.words + 1; }
  llvm::Value* SizeAndText(llvm::Value* row) { return Load(row, kind_.words); }
  llvm::Value* Load(llvm::Value* row, uint64_t i) { return f_.LoadInvariant(b_.getInt64Ty(), row, i * sizeof(uint64_t)); }
  llvm::Value* Hash(llvm::Value* x) {
    llvm::Type* wide = b_.getInt128Ty();
    llvm::Value* multiplier = b_.CreateZExt(f_.Word(table_.multiplier), wide);
    llvm::Value* product = b_.CreateNUWMul(b_.CreateZExt(x, wide), multiplier);
    return b_.CreateXor(b_.CreateTrunc(product, b_.getInt64Ty()), b_.CreateTrunc(b_.CreateLShr(product, 64), b_.getInt64Ty()));
  }
  llvm::Value* Rotate(llvm::Value* word, unsigned by) {
    return b_.CreateIntrinsic(llvm::Intrinsic::fshl, {b_.getInt64Ty()}, {word, word, f_.Word(by)});
  }

  llvm::Value* WordAt(uint32_t i, llvm::Value* begin, llvm::Value* size) {
    const uint64_t bytes = kind_.word_bytes;
    llvm::Value* offset = i == 0 ? f_.Word(0) : i == 2 ? f_.Word(bytes) : b_.CreateSub(size, f_.Word(i == 1 ? bytes : 2 * bytes));
    llvm::Value* at = b_.CreateInBoundsGEP(b_.getInt8Ty(), begin, offset);
    llvm::Value* word = b_.CreateAlignedLoad(b_.getIntNTy(static_cast<unsigned>(bytes * 8)), at, llvm::Align(1));
    return b_.CreateZExt(word, b_.getInt64Ty());
  }

  llvm::Constant* Rows() {
    std::vector<uint64_t> words;
    for (const TextTable::Row& row : table_.rows) {
      words.insert(words.end(), row.words, row.words + kind_.words);
      words.push_back(row.size | static_cast<uint64_t>(row.text) << kTextShift);
    }
    return Global(llvm::ConstantDataArray::get(b_.getContext(), words), "texts");
  }
  llvm::Constant* Global(llvm::Constant* data, const char* name) {
    auto* global =
        new llvm::GlobalVariable(f_.context().module, data->getType(), true, llvm::GlobalValue::PrivateLinkage, data, name);
    global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
    global->setAlignment(llvm::Align(16));
    return global;
  }

  FunctionBuilder& f_;
  llvm::IRBuilder<>& b_;
  const TextClass& kind_;
  const TextTable& table_;
  std::vector<llvm::Value*> words_;
};

}  // namespace

TextChoice::TextChoice(const std::vector<std::string_view>& texts, uint32_t most) {
  std::vector<bool> known(texts.size(), false);
  for (TextClass kind : kTextClasses) {
    std::vector<std::string_view> of_class;
    std::vector<uint32_t> numbers;
    for (uint32_t i = 0; i < texts.size(); ++i) {
      if (texts[i].size() < kind.least || texts[i].size() > std::min(kind.most, most)) continue;
      of_class.push_back(texts[i]);
      numbers.push_back(i);
    }
    std::optional<TextTable> table = MakeTextTable(kind, of_class);
    if (!table) continue;
    for (TextTable::Row& row : table->rows) row.text = row.size != 0 ? numbers[row.text] : 0;
    for (const uint32_t number : numbers) known[number] = true;
    const auto by_size = [](std::string_view a, std::string_view b) { return a.size() < b.size(); };
    const auto [shortest, longest] = std::minmax_element(of_class.begin(), of_class.end(), by_size);
    kind.least = static_cast<uint32_t>(shortest->size());
    kind.most = static_cast<uint32_t>(longest->size());
    parts_.push_back({kind, std::move(*table)});
  }
  for (uint32_t i = 0; i < texts.size(); ++i) {
    if (!known[i]) left_.push_back(i);
  }
  // The class that has the most is asked for first.
  std::stable_sort(parts_.begin(), parts_.end(),
                   [](const Part& a, const Part& b) { return a.table.rows.size() > b.table.rows.size(); });
}

llvm::Value* TextChoice::Emit(FunctionBuilder& f, llvm::Value* begin, llvm::Value* size, llvm::BasicBlock* missing) const {
  llvm::IRBuilder<>& b = f.b();
  Join join(f);
  for (const Part& part : parts_) {
    llvm::BasicBlock* here = f.NewBlock("as_long");
    llvm::BasicBlock* other = f.NewBlock("of_another_length");
    llvm::BasicBlock* found = f.NewBlock("found_text");
    llvm::Value* beyond = b.CreateSub(size, f.Word(part.kind.least));
    b.CreateCondBr(b.CreateICmpULE(beyond, f.Word(part.kind.most - part.kind.least)), here, other);
    f.Enter(here);
    PartEmitter emitter(f, part.kind, part.table);
    llvm::Value* row = emitter.Row(begin, size);
    b.CreateCondBr(emitter.Holds(row, size), found, missing);
    f.Enter(found);
    join.Add({Kind::kInt, emitter.Text(row), nullptr});
    f.Enter(other);
  }
  b.CreateBr(missing);
  if (parts_.empty()) {
    f.Enter(f.NewBlock("dead"));
    return f.Word(0);
  }
  return join.Meet("which_text").first;
}

}  // namespace edict::codegen
