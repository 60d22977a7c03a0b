// A plugin for QEMU's translator: how many instructions a machine has executed, in one line of QEMU's log at the end; and
// at any time in the first eight bytes of a file, with the argument `counter=PATH`.
// Distributions package QEMU without the header, so the few functions are declared here.
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct qemu_plugin_tb;

extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, int operation, void *, uint64_t);
extern void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
extern void qemu_plugin_outs(const char *);

EXPORTED int qemu_plugin_version = 1;

static uint64_t own;
static uint64_t *executed = &own;

static void translated(plugin_id id, struct qemu_plugin_tb *block) {
  // Operation 0 adds to a number.
  qemu_plugin_register_vcpu_tb_exec_inline(block, 0, executed, qemu_plugin_tb_n_insns(block));
}

static void ended(plugin_id id, void *nothing) {
  char line[64];
  snprintf(line, sizeof line, "instructions: %llu\n", (unsigned long long)*executed);
  qemu_plugin_outs(line);
}

EXPORTED int qemu_plugin_install(plugin_id id, const void *information, int count, char **arguments) {
  const char *prefix = "counter=";
  for (int i = 0; i < count; i++) {
    if (strncmp(arguments[i], prefix, strlen(prefix)) != 0) return -1;
    int file = open(arguments[i] + strlen(prefix), O_RDWR | O_CLOEXEC);
    void *memory = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *executed, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED) return -1;
    close(file);
    executed = memory;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, ended, NULL);
  return 0;
}
