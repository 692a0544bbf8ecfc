// Where the system does not let a process have executable memory, the interpreter does the work.
#include <errno.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/process.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr uint32_t Low(int argument) { return static_cast<uint32_t>(offsetof(seccomp_data, args) + 8 * argument); }

// From now on, and for what is executed, `action` is taken on a call that would make memory executable which no file is mapped
// to. False if the system knows no such filter.
bool Forbid(uint32_t action) {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 4, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, Low(2)),  // mprotect
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 5, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, Low(2)),  // mmap
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, Low(3)),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

class ExecutableMemory : public testing::Test {
 protected:
  void SetUp() override {
#ifndef __x86_64__
    GTEST_SKIP() << "the filter is written for x86-64";
#endif
    rules_ = folder_.Write("a.rules",
                           "event Event by type { A { n: int } }\n"
                           "rule SMALL \"numbers are small\" { on A as e require e.n < 100 at e.n message \"{e.n} is large\" }\n");
    good_ = folder_.Write("good.ndjson", "{\"type\": \"A\", \"n\": 1}\n{\"type\": \"A\", \"n\": 100}\n");
  }

  // `edict run` where executable memory is forbidden: with an error, or the process is killed.
  ProcessResult Run(const std::string& arguments, uint32_t action) const {
    const std::string out = folder_.path() + "/out";
    const std::string command = "export EDICT_CACHE_DIR='" + folder_.path() + "/cache'; { " + arguments + "; } >'" + out + "' 2>&1";
    const pid_t child = ::fork();
    if (child == 0) {
      if (!Forbid(action)) ::_exit(77);
      ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      ::_exit(78);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ProcessResult result;
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    std::ifstream in(out);
    result.out.assign(std::istreambuf_iterator<char>(in), {});
    return result;
  }
  std::string Edict(const std::string& arguments) const {
    return EDICT_BINARY " run -r '" + rules_ + "' --stats " + arguments + " ";
  }

  RuleFolder folder_;
  std::string rules_;
  std::string good_;
};

constexpr uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;
constexpr const char* kWhy = "no native code: this process may not map executable memory: Operation not permitted";

TEST_F(ExecutableMemory, InterpreterNeverAsksForIt) {
  const ProcessResult result = Run(Edict("--tier interp '" + good_ + "'"), SECCOMP_RET_KILL_PROCESS);
  if (result.exit_code == 77) GTEST_SKIP() << "no seccomp";
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_NE(result.out.find("100 is large"), std::string::npos) << result.out;
  // The filter does its work: native code does ask.
  EXPECT_GE(Run(Edict("--tier native '" + good_ + "'"), SECCOMP_RET_KILL_PROCESS).exit_code, 128);
}

TEST_F(ExecutableMemory, NativeTierIsAnErrorWithoutIt) {
  const ProcessResult result = Run(Edict("--tier native '" + good_ + "'"), kRefuse);
  if (result.exit_code == 77) GTEST_SKIP() << "no seccomp";
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.out.find(kWhy), std::string::npos) << result.out;
}

TEST_F(ExecutableMemory, AutomaticTierGoesOnWithoutIt) {
  // Enough for native code to be wanted; then a while for it to fail.
  std::string large;
  while (large.size() < (9u << 20)) large += "{\"type\": \"A\", \"n\": 1}\n";
  const std::string many = folder_.Write("many.ndjson", large);
  const std::string command = "(cat '" + many + "'; sleep 1; cat '" + good_ + "') | " + Edict("-");
  const ProcessResult result = Run(command, kRefuse);
  if (result.exit_code == 77) GTEST_SKIP() << "no seccomp";
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_NE(result.out.find("100 is large"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find(kWhy), std::string::npos) << result.out;
}

TEST_F(ExecutableMemory, CachedCodeIsNotTakenWithoutIt) {
  const ProcessResult made =
      RunCommand("EDICT_CACHE_DIR='" + folder_.path() + "/cache' " + Edict("--tier native '" + good_ + "'") + "2>&1");
  ASSERT_NE(made.out.find("native code: in use\n"), std::string::npos) << made.out;
  const ProcessResult result = Run(Edict("'" + good_ + "'"), kRefuse);
  if (result.exit_code == 77) GTEST_SKIP() << "no seccomp";
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_NE(result.out.find("100 is large"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find(kWhy), std::string::npos) << result.out;
}

}  // namespace
}  // namespace edict::tests
