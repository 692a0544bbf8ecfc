// Code that finds which of many constant texts one is, by perfect hashing.
#ifndef EDICT_COMPILER_CODEGEN_TEXT_CHOICE_H_
#define EDICT_COMPILER_CODEGEN_TEXT_CHOICE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/codegen/function_builder.h"
#include "compiler/codegen/text_table.h"

namespace edict::codegen {

// From how many texts on this is faster than to compare one after the other (bench/README.md): with three it comes to the same, and
// where nine of ten texts are the same one, up to eight do.
inline constexpr size_t kLeastHashedTexts = 4;

class TextChoice {
 public:
  // Of texts that are there once each, those of 1 to `most` bytes are told apart; `most` at most kMostTableText.
  explicit TextChoice(const std::vector<std::string_view>& texts, uint32_t most = kMostTableText);

  // Those that are not: the empty text, long ones, and more than there is room for.
  const std::vector<uint32_t>& left() const { return left_; }
  // The index of the text that lies at `begin` and has `size` bytes, i64: it goes on where it is one, and else to `missing`.
  llvm::Value* Emit(FunctionBuilder& f, llvm::Value* begin, llvm::Value* size, llvm::BasicBlock* missing) const;

 private:
  struct Part {
    TextClass kind;
    TextTable table;
  };
  std::vector<Part> parts_;
  std::vector<uint32_t> left_;
};

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_TEXT_CHOICE_H_
