// The architecture as a test: a folder includes only what layers.txt allows, and files stay within 600 lines.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace edict::tests {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxLines = 600;

struct Layers {
  std::map<std::string, std::set<std::string>> folders;
  std::map<std::string, std::set<std::string>> libraries;  // header prefix -> folders
};

Layers ReadLayers() {
  Layers layers;
  std::ifstream in(fs::path(EDICT_SOURCE_DIR) / "tests/layering/layers.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    size_t colon = line.find(':');
    std::string name = line.substr(0, colon);
    std::istringstream rest(line.substr(colon + 1));
    std::set<std::string> allowed;
    for (std::string word; rest >> word;) allowed.insert(word);
    if (name.rfind("library ", 0) == 0) {
      layers.libraries[name.substr(8)] = allowed;
    } else {
      layers.folders[name] = allowed;
    }
  }
  return layers;
}

// The header named by an #include line; empty for other lines.
std::string Included(const std::string& line) {
  size_t start = line.find_first_not_of(" \t");
  if (start == std::string::npos || line.compare(start, 8, "#include") != 0) return "";
  size_t open = line.find_first_of("<\"", start);
  size_t close = open == std::string::npos ? open : line.find_first_of(">\"", open + 1);
  return close == std::string::npos ? "" : line.substr(open + 1, close - open - 1);
}

void CheckInclude(const Layers& layers, const std::string& folder, const std::string& file, const std::string& header) {
  if (header.rfind("runtime/", 0) == 0 || header.rfind("compiler/", 0) == 0) {
    std::string target = fs::path(header).parent_path().string();
    const std::set<std::string>& allowed = layers.folders.at(folder);
    EXPECT_TRUE(target == folder || allowed.count(target) != 0 || allowed.count("*") != 0) << file << " includes " << header;
    return;
  }
  for (const auto& [prefix, users] : layers.libraries) {
    if (header.rfind(prefix, 0) == 0) {
      EXPECT_TRUE(users.count(folder) != 0) << file << " includes " << header;
    }
  }
}

TEST(Layering, FoldersIncludeOnlyWhatTheyMay) {
  Layers layers = ReadLayers();
  ASSERT_GT(layers.folders.size(), 15u);
  int includes = 0;
  for (const char* top : {"compiler", "runtime"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(EDICT_SOURCE_DIR) / top)) {
      std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cc" && extension != ".def") continue;
      std::string file = fs::relative(entry.path(), EDICT_SOURCE_DIR).string();
      std::string folder = fs::path(file).parent_path().string();
      ASSERT_TRUE(layers.folders.count(folder) != 0) << folder << " is not in layers.txt";
      std::ifstream in(entry.path());
      int lines = 0;
      for (std::string line; std::getline(in, line); ++lines) {
        std::string header = Included(line);
        if (header.empty()) continue;
        ++includes;
        CheckInclude(layers, folder, file, header);
      }
      EXPECT_LE(lines, kMaxLines) << file;
    }
  }
  EXPECT_GT(includes, 100);
}

}  // namespace
}  // namespace edict::tests
