// A file's bytes as they are.
#ifndef EDICT_TESTS_SUPPORT_FILES_H_
#define EDICT_TESTS_SUPPORT_FILES_H_

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace edict::tests {

// Empty where the file cannot be read.
inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_FILES_H_
