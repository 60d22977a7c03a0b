#define _GNU_SOURCE
#include "CVhostUser.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 8 };

int cvhost_connect(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(path);
  if (length >= sizeof address.sun_path) return -ENAMETOOLONG;
  memcpy(address.sun_path, path, length);
  struct stat file;
  if (stat(path, &file) < 0) return -errno;
  // To connect to another kind of file is "refused", as to a socket that nobody listens on.
  if (!S_ISSOCK(file.st_mode)) return -ENOTSOCK;
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  int flags = fcntl(descriptor, F_GETFL);
  // Non-blocking first: a listener whose queue is full would make the call wait.
  if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ||
      connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
    int reason = errno;
    close(descriptor);
    return -reason;
  }
  return descriptor;
}

long cvhost_send(int descriptor, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count) {
  if (descriptor_count > MOST_DESCRIPTORS) return -EINVAL;
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(MOST_DESCRIPTORS * sizeof(int))];
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptor_count > 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(descriptor_count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptor_count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, descriptor_count * sizeof(int));
  }
  ssize_t sent;
  do sent = sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : sent;
}

long cvhost_receive(int descriptor, void *bytes, size_t count, int *descriptors_closed) {
  struct iovec part = {.iov_base = bytes, .iov_len = count};
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(MOST_DESCRIPTORS * sizeof(int))];
  } control;
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  *descriptors_closed = 0;
  ssize_t received;
  do received = recvmsg(descriptor, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  while (received < 0 && errno == EINTR);
  if (received < 0) return -errno;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    size_t room = header->cmsg_len - CMSG_LEN(0);
    for (size_t i = 0; i < room / sizeof(int); i++) {
      int stray;
      memcpy(&stray, CMSG_DATA(header) + i * sizeof(int), sizeof stray);
      close(stray);
      *descriptors_closed += 1;
    }
  }
  return received;
}

void cvhost_finish_sending(int descriptor) { shutdown(descriptor, SHUT_WR); }

static struct timespec span(uint64_t nanoseconds) {
  // A year at most, so that the seconds fit whatever their type.
  const uint64_t longest = 31536000ull * 1000000000ull;
  if (nanoseconds > longest) nanoseconds = longest;
  struct timespec time = {.tv_sec = (time_t)(nanoseconds / 1000000000ull),
                          .tv_nsec = (long)(nanoseconds % 1000000000ull)};
  return time;
}

int cvhost_ready(int descriptor, int writing, uint64_t nanoseconds) {
  struct pollfd entry = {.fd = descriptor, .events = writing ? POLLOUT : POLLIN};
  struct timespec time = span(nanoseconds);
  int count = ppoll(&entry, 1, &time, NULL);
  return count < 0 ? -errno : count;
}

int cvhost_is_closed(int descriptor) { return cvhost_wait_for_end(descriptor, 0) > 0; }

int cvhost_wait_for_end(int descriptor, uint64_t nanoseconds) {
  struct pollfd entry = {.fd = descriptor, .events = POLLRDHUP};
  struct timespec time = span(nanoseconds);
  int count = ppoll(&entry, 1, &time, NULL);
  return count < 0 ? -errno : count;
}

int cvhost_memory_file(size_t size) {
  int descriptor = memfd_create("vireo", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return -errno;
  // Sealed, so that a back-end cannot cut off what is mapped here.
  if (ftruncate(descriptor, (off_t)size) < 0 ||
      fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
    int reason = errno;
    close(descriptor);
    return -reason;
  }
  return descriptor;
}

void *cvhost_map(int descriptor, size_t size) {
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
  size_t behind = (size_t)(room + size + alignment - (start + size));
  if (behind > 0) munmap(start + size, behind);
  return start;
}

int cvhost_event(void) {
  int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}

void cvhost_signal(int event) {
  const uint64_t one = 1;
  // Fails only when the counter is full, and then the event is signalled already.
  ssize_t ignored = write(event, &one, sizeof one);
  (void)ignored;
}

int cvhost_poller(void) {
  int descriptor = epoll_create1(EPOLL_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

int cvhost_poller_add_connection(int poller, int descriptor) {
  struct epoll_event event = {.events = EPOLLRDHUP, .data.u32 = CVHOST_CLOSED};
  return epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) < 0 ? -errno : 0;
}

int cvhost_poller_add_event(int poller, int descriptor) {
  // Edge-triggered: nobody has to read the counter, each signal is told all the same.
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u32 = CVHOST_SIGNALLED};
  return epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) < 0 ? -errno : 0;
}

int cvhost_poller_wait(int poller, uint64_t nanoseconds) {
  struct epoll_event events[8];
  struct timespec time = span(nanoseconds);
  int count = (int)syscall(SYS_epoll_pwait2, poller, events, 8, &time, NULL, 0);
  // Not there, or refused by a container that is older than the call: EPERM.
  if (count < 0 && errno != EINTR) {
    if (cvhost_ready(poller, 0, nanoseconds) > 0) count = epoll_wait(poller, events, 8, 0);
  }
  int flags = 0;
  for (int i = 0; i < count; i++) flags |= (int)events[i].data.u32;
  return flags;
}
