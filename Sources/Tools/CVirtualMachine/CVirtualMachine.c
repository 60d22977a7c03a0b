#define _GNU_SOURCE
#include "CVirtualMachine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int failed(int descriptor) {
  int reason = errno;
  if (descriptor >= 0) close(descriptor);
  return -reason;
}

int vm_memory_file(const char *name, size_t size) {
  int descriptor = memfd_create(name, MFD_CLOEXEC);
  if (descriptor < 0 || ftruncate(descriptor, (off_t)size) < 0) return failed(descriptor);
  return descriptor;
}

static int unblock(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? flags : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

int vm_socket_pair(int ends[2]) {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
  if (unblock(ends[0]) == 0) return 0;
  int result = failed(ends[0]);
  close(ends[1]);
  return result;
}

int vm_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0; }

int vm_listen(char name[VM_NAME_LIMIT], int *length) {
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  socklen_t size = sizeof address;
  // An address without a name: the kernel picks one.
  if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address.sun_family) < 0 ||
      listen(descriptor, 8) < 0 || getsockname(descriptor, (struct sockaddr *)&address, &size) < 0)
    return failed(descriptor);
  *length = (int)(size - offsetof(struct sockaddr_un, sun_path));
  memcpy(name, address.sun_path, (size_t)*length);
  return descriptor;
}

int vm_connect(const char *name, int length) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (length < 0 || (size_t)length > sizeof address.sun_path) return -EINVAL;
  memcpy(address.sun_path, name, (size_t)length);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  int result;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length);
  do result = connect(descriptor, (struct sockaddr *)&address, size);
  while (result < 0 && errno == EINTR);
  if (result < 0 || unblock(descriptor) < 0) return failed(descriptor);
  return descriptor;
}

int vm_ready(int descriptor, int writing, unsigned long long nanoseconds) {
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

struct child {
  const char *program;
  char *const *arguments;
  char *const *environment;
  const char *folder;
  const int *streams;
  const int *descriptors;
  int count;
  int survives;
  // Where the reason of a failure is written to.
  int report;
  pid_t parent;
};

// Gives the child its descriptors, and no others. The reason of a failure, or 0.
static int arrange(struct child *child) {
  int moved[MOST_DESCRIPTORS + FIRST_DESCRIPTOR + 1];
  int total = FIRST_DESCRIPTOR + child->count;
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return errno;
  // First away from the numbers that are about to be given out, then into place.
  for (int i = 0; i <= total; i++) {
    int from = i < FIRST_DESCRIPTOR ? child->streams[i]
               : i < total          ? child->descriptors[i - FIRST_DESCRIPTOR]
                                    : child->report;
    moved[i] = fcntl(from < 0 ? null : from, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
    if (moved[i] < 0) return errno;
  }
  child->report = moved[total];
  for (int i = 0; i < total; i++)
    if (dup2(moved[i], i) < 0) return errno;
  // Others are close-on-exec anyway, or another part of this process forgot to make them so.
  for (int i = total; i < 1024; i++)
    if (i != child->report) close(i);
  return 0;
}

// Between fork and exec only async-signal-safe calls. Never returns.
static void become(struct child *child) {
  int reason = arrange(child);
  if (reason == 0 && child->folder != NULL && chdir(child->folder) < 0) reason = errno;
  if (reason == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // What the parent ignores would be ignored by the program, too.
    const int usual[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) signal(usual[i], SIG_DFL);
    if (child->survives) {
      setsid();
    } else {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      // The parent may have ended before that line.
      if (getppid() != child->parent) _exit(127);
    }
    if (child->environment != NULL) execvpe(child->program, child->arguments, child->environment);
    else execvp(child->program, child->arguments);
    reason = errno;
  }
  ssize_t ignored = write(child->report, &reason, sizeof reason);
  (void)ignored;
  _exit(127);
}

int vm_spawn(const char *program, char *const arguments[], char *const environment[], const char *folder,
             const int streams[3], const int *descriptors, int count, int survives) {
  int report[2];
  if (count > MOST_DESCRIPTORS) return -EMFILE;
  if (pipe2(report, O_CLOEXEC) < 0) return -errno;
  struct child description = {.program = program, .arguments = arguments, .environment = environment,
                              .folder = folder, .streams = streams, .descriptors = descriptors, .count = count,
                              .survives = survives, .report = report[1], .parent = getpid()};
  pid_t child = fork();
  if (child == 0) become(&description);
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

int vm_wait(int process, int block) {
  siginfo_t info = {0};
  int result;
  do result = waitid(P_PID, (id_t)process, &info, WEXITED | WNOWAIT | (block ? 0 : WNOHANG));
  while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : info.si_pid == process;
}

int vm_reap(int process) {
  int status = 0;
  pid_t result;
  do result = waitpid(process, &status, 0);
  while (result < 0 && errno == EINTR);
  if (result < 0) return -errno;
  return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}
