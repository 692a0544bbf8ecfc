// LiveInput: bytes of something that may still grow: standard input, a pipe, or a file that is followed as `tail -F` does.
#ifndef EDICT_RUNTIME_CLI_LIVE_INPUT_H_
#define EDICT_RUNTIME_CLI_LIVE_INPUT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace edict::cli {

class LiveInput {
 public:
  enum class State : uint8_t {
    kData,
    kMore,   // ask again
    kWait,   // nothing at present: poll fd()
    kAnew,   // the file was cut short, or another stands in its place: what comes next begins at its beginning
    kEnd,    // of standard input
    kFault,  // fault() says which
  };

  LiveInput() = default;
  ~LiveInput();
  LiveInput(const LiveInput&) = delete;
  LiveInput& operator=(const LiveInput&) = delete;

  // "-": standard input. False: fault() says why it cannot be read.
  bool Open(const std::string& name);
  // The next bytes, which live until the next call. Never waits.
  State Next(std::string_view& bytes);
  // Ready when Next has more.
  int fd() const { return follows_ ? notify_fd_ : fd_; }
  const std::string& fault() const { return fault_; }

 private:
  bool OpenFile();
  bool Follow();
  State Behind();
  State Fault(const std::string& what);

  std::string name_;
  std::string fault_;
  int fd_ = -1;
  int notify_fd_ = -1;
  bool follows_ = false;  // a file
  bool pipe_ = false;     // one by name, whose writers come and go
  uint64_t read_ = 0;     // bytes of the file
  std::vector<char> buffer_;
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_LIVE_INPUT_H_
