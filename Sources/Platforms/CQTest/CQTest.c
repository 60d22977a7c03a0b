#define _GNU_SOURCE
#include "CQTest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int cqtest_memory_file(const char *name, size_t size) {
  int descriptor = memfd_create(name, MFD_CLOEXEC);
  if (descriptor < 0) return -errno;
  if (ftruncate(descriptor, (off_t)size) < 0) {
    int reason = errno;
    close(descriptor);
    return -reason;
  }
  return descriptor;
}

int cqtest_socket_pair(int ends[2]) {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
  int flags = fcntl(ends[0], F_GETFL);
  if (flags < 0 || fcntl(ends[0], F_SETFL, flags | O_NONBLOCK) < 0) {
    int reason = errno;
    close(ends[0]);
    close(ends[1]);
    return -reason;
  }
  return 0;
}

int cqtest_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0; }

void *cqtest_map(int descriptor, size_t size) {
  const size_t alignment = 2u << 20;
  // Room to align in; what is left over on both sides is given back.
  uint8_t *room = mmap(NULL, size + alignment, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) return NULL;
  uint8_t *start = (uint8_t *)(((uintptr_t)room + alignment - 1) & ~(uintptr_t)(alignment - 1));
  if (mmap(start, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, 0) == MAP_FAILED) {
    munmap(room, size + alignment);
    return NULL;
  }
  if (start > room) munmap(room, (size_t)(start - room));
  // The kernel rounds to pages: so does this.
  size_t mapped = (size + 4095) & ~(size_t)4095;
  size_t behind = (size_t)(room + size + alignment - (start + mapped));
  if (behind > 0) munmap(start + mapped, behind);
  return start;
}

int cqtest_ready(int descriptor, int writing, unsigned long long nanoseconds) {
  struct pollfd entry = {.fd = descriptor, .events = writing ? POLLOUT : POLLIN};
  // A year at most, so that the seconds fit whatever their type.
  const unsigned long long longest = 31536000ull * 1000000000ull;
  if (nanoseconds > longest) nanoseconds = longest;
  struct timespec time = {.tv_sec = (time_t)(nanoseconds / 1000000000ull),
                          .tv_nsec = (long)(nanoseconds % 1000000000ull)};
  int count = ppoll(&entry, 1, &time, NULL);
  return count < 0 ? -errno : count;
}

enum { MOST_DESCRIPTORS = 32, FIRST_DESCRIPTOR = 3, OUT_OF_THE_WAY = 200 };

// Between fork and exec only async-signal-safe calls. Never returns.
static void become(const char *program, char *const arguments[], const int *descriptors, int count, int error,
                   int report, pid_t parent) {
  int moved[MOST_DESCRIPTORS + 2];
  int reason = 0;
  // First away from the numbers that are about to be given out, then into place.
  for (int i = 0; i < count + 2; i++) {
    int from = i < count ? descriptors[i] : i == count ? error : report;
    moved[i] = fcntl(from, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
    if (moved[i] < 0) reason = errno;
  }
  report = moved[count + 1] < 0 ? report : moved[count + 1];
  for (int i = 0; i < count && reason == 0; i++)
    if (dup2(moved[i], FIRST_DESCRIPTOR + i) < 0) reason = errno;
  if (reason == 0 && dup2(moved[count], 2) < 0) reason = errno;
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (reason == 0 && (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)) reason = errno;
  if (reason == 0) {
    // Others are close-on-exec anyway, or another part of this process forgot to make them so.
    for (int i = FIRST_DESCRIPTOR + count; i < 1024; i++)
      if (i != report) close(i);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have ended before that line.
    if (getppid() != parent) _exit(127);
    execvp(program, arguments);
    reason = errno;
  }
  ssize_t ignored = write(report, &reason, sizeof reason);
  (void)ignored;
  _exit(127);
}

int cqtest_spawn(const char *program, char *const arguments[], const int *descriptors, int count, int error) {
  int report[2];
  if (count > MOST_DESCRIPTORS) return -EMFILE;
  if (pipe2(report, O_CLOEXEC) < 0) return -errno;
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) become(program, arguments, descriptors, count, error, report[1], parent);
  int reason = child < 0 ? errno : 0;
  close(report[1]);
  if (child > 0) {
    ssize_t count_read;
    do count_read = read(report[0], &reason, sizeof reason);
    while (count_read < 0 && errno == EINTR);
    // Nothing: the pipe was closed by a successful exec.
    if (count_read == sizeof reason)
      while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    else reason = 0;
  }
  close(report[0]);
  return reason != 0 ? -reason : (int)child;
}

int cqtest_wait(int process, int block) {
  siginfo_t info = {0};
  int result;
  do result = waitid(P_PID, (id_t)process, &info, WEXITED | WNOWAIT | (block ? 0 : WNOHANG));
  while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : info.si_pid == process;
}

int cqtest_reap(int process) {
  int status = 0;
  pid_t result;
  do result = waitpid(process, &status, 0);
  while (result < 0 && errno == EINTR);
  if (result < 0) return -errno;
  return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}
