#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Runs libFuzzer's driver on `body`; false when this program was built without the fuzzer.
bool cfuzz_run(int *argc, char ***argv, int (*body)(const uint8_t *bytes, size_t count));
