#include "CFuzz.h"

// Comes with -sanitize=fuzzer; without it nobody has it.
__attribute__((weak)) int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*body)(const uint8_t *, size_t));

bool cfuzz_run(int *argc, char ***argv, int (*body)(const uint8_t *, size_t)) {
  if (!LLVMFuzzerRunDriver) return false;
  LLVMFuzzerRunDriver(argc, argv, body);
  return true;
}
