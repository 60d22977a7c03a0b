// The one Linux call of this platform that wants more care than Swift can give it.
#ifndef CQTEST_H
#define CQTEST_H

#include <stddef.h>

// Maps a file shared, readable and writable, at a multiple of 2 MiB. NULL when that fails.
void *cqtest_map(int descriptor, size_t size);

#endif
