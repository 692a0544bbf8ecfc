#include "runtime/cli/read_input.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "runtime/cli/output.h"

namespace edict::cli {

InputFormat InputFormatOf(const std::string& name) {
  if (name == "sse") return InputFormat::kSse;
  if (name == "json") return InputFormat::kJson;
  return name == "ndjson" || name == "streams" ? InputFormat::kNdjson : InputFormat::kAuto;
}

bool ReadInput(const std::string& name, const std::function<void(std::string_view)>& piece) {
  const bool standard_input = name == "-";
  const int fd = standard_input ? STDIN_FILENO : ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    PrintError("cannot open " + name + ": " + std::strerror(errno));
    return false;
  }
  std::vector<char> buffer(size_t{256} << 10);
  ssize_t n = 0;
  while ((n = ::read(fd, buffer.data(), buffer.size())) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      PrintError("cannot read " + name + ": " + std::strerror(errno));
      break;
    }
    piece({buffer.data(), static_cast<size_t>(n)});
  }
  if (!standard_input) ::close(fd);
  return n == 0;
}

}  // namespace edict::cli
