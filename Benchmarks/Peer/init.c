// The Linux peer's only program: loads the modules, reads the disk as the guest kernel's measurements do or serves frames,
// prints lines `# bench: NAME VALUE`, and ends the machine. Linked statically; the kernel starts it as the first process.
#define _GNU_SOURCE
#include "peer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void end(void) {
  fflush(stdout);
  // The emulator is told to end instead.
  reboot(RB_AUTOBOOT);
  for (;;) pause();
}

void fail(const char *what) {
  printf("not ok: %s: %s\n", what, strerror(errno));
  end();
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// Each module names what it needs, and nobody here reads that: all are tried until a round loads none.
static void load_modules(void) {
  char done[64] = {0};
  for (int loaded = 1; loaded;) {
    loaded = 0;
    DIR *folder = opendir("/modules");
    if (folder == NULL) fail("/modules");
    int index = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL; index++) {
      if (index >= 64 || done[index] || entry->d_name[0] == '.') continue;
      char path[300];
      snprintf(path, sizeof path, "/modules/%s", entry->d_name);
      int file = open(path, O_RDONLY | O_CLOEXEC);
      if (file >= 0 && syscall(SYS_finit_module, file, "", 0) == 0) loaded = done[index] = 1;
      if (file >= 0) close(file);
    }
    closedir(folder);
  }
}

static int open_disk(void) {
  for (int i = 0; i < 1000; i++) {
    int disk = open("/dev/vda", O_RDONLY | O_DIRECT | O_CLOEXEC);
    if (disk >= 0) return disk;
    usleep(10000);
  }
  fail("/dev/vda");
  return -1;
}

static uint32_t seed = 1;
static uint64_t block_count;

// As the guest kernel draws them.
static uint64_t next_block(void) {
  seed = seed * 1103515245u + 12345u;
  return (seed >> 4) % block_count;
}

static void *buffer(size_t size) {
  void *memory = NULL;
  if (posix_memalign(&memory, 4096, size) != 0) fail("memory");
  memset(memory, 0, size);
  return memory;
}

static void read_blocks(int disk, void *memory, long count) {
  for (long i = 0; i < count; i++)
    if (pread(disk, memory, 4096, (off_t)(next_block() * 4096)) != 4096) fail("read");
}

static double depth_one(int disk, void *memory, uint64_t span) {
  uint64_t begin = now(), count = 0;
  while (now() - begin < span) {
    read_blocks(disk, memory, 16);
    count += 16;
  }
  return (double)count * 1e9 / (double)(now() - begin);
}

enum { DEPTH = 32 };

static double depth_many(int disk, uint64_t span) {
  aio_context_t context = 0;
  if (syscall(SYS_io_setup, DEPTH, &context) < 0) fail("io_setup");
  struct iocb requests[DEPTH], *list[DEPTH];
  struct io_event events[DEPTH];
  memset(requests, 0, sizeof requests);
  uint64_t begin = now(), count = 0;
  long ready = DEPTH, flying = 0;
  for (int i = 0; i < DEPTH; i++) {
    requests[i] = (struct iocb){.aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = (uint32_t)disk,
                                .aio_buf = (uint64_t)(uintptr_t)buffer(4096), .aio_nbytes = 4096};
    list[i] = &requests[i];
  }
  while (now() - begin < span) {
    for (long i = 0; i < ready; i++) list[i]->aio_offset = (int64_t)(next_block() * 4096);
    if (syscall(SYS_io_submit, context, ready, list) != ready) fail("io_submit");
    flying += ready;
    ready = syscall(SYS_io_getevents, context, 1L, (long)DEPTH, events, NULL);
    if (ready < 1) fail("io_getevents");
    for (long i = 0; i < ready; i++) {
      if (events[i].res != 4096) fail("asynchronous read");
      list[i] = (struct iocb *)(uintptr_t)events[i].obj;
    }
    flying -= ready;
    count += (uint64_t)ready;
  }
  double rate = (double)count * 1e9 / (double)(now() - begin);
  while (flying > 0) {
    ready = syscall(SYS_io_getevents, context, 1L, (long)DEPTH, events, NULL);
    if (ready < 1) fail("io_getevents");
    flying -= ready;
  }
  return rate;
}

static double sequential(int disk, uint64_t byte_count, uint64_t span) {
  enum { CHUNK = 1 << 20 };
  void *memory = buffer(CHUNK);
  uint64_t begin = now(), total = 0, offset = 0;
  while (now() - begin < span) {
    if (offset + CHUNK > byte_count) offset = 0;
    if (pread(disk, memory, CHUNK, (off_t)offset) != CHUNK) fail("sequential read");
    offset += CHUNK;
    total += CHUNK;
  }
  return (double)total * 1e3 / (double)(now() - begin);
}

// The number behind `name` on the kernel's command line; 0 without.
static long option(const char *name) {
  char line[4096] = {0};
  int file = open("/proc/cmdline", O_RDONLY);
  ssize_t count = file < 0 ? -1 : read(file, line, sizeof line - 1);
  if (count < 0) fail("/proc/cmdline");
  close(file);
  char *place = strstr(line, name);
  return place == NULL ? 0 : atol(place + strlen(name));
}

static void read_disk(void) {
  int disk = open_disk();
  void *memory = buffer(4096);
  if (pread(disk, memory, 4096, 0) != 4096) fail("first read");
  printf("# bench: first-sector-ns %llu\n", (unsigned long long)now());
  fflush(stdout);
  off_t byte_count = lseek(disk, 0, SEEK_END);
  if (byte_count < 1 << 20) fail("a disk of at least 1 MiB");
  block_count = (uint64_t)byte_count / 4096;
  read_blocks(disk, memory, option("peer.reads="));
  uint64_t span = (uint64_t)option("peer.rates=") * 1000000u;
  if (span > 0) {
    printf("# bench: reads-per-second-at-depth-1 %.0f\n", depth_one(disk, memory, span));
    printf("# bench: reads-per-second-at-depth-32 %.0f\n", depth_many(disk, span));
    printf("# bench: sequential-megabytes-per-second %.0f\n", sequential(disk, (uint64_t)byte_count, span));
  }
}

int main(void) {
  mkdir("/proc", 0755);
  mkdir("/dev", 0755);
  if (mount("proc", "/proc", "proc", 0, NULL) < 0) fail("/proc");
  if (mount("dev", "/dev", "devtmpfs", 0, NULL) < 0) fail("/dev");
  load_modules();
  if (option("peer.frames=") > 0) serve_frames();
  else read_disk();
  printf("ok: done\n");
  end();
}
