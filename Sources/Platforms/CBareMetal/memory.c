// The four memory functions that compilers call on their own. Word by word: fast enough everywhere, and without the
// byte-wise microcode (or emulation) of string instructions.
#include "CBareMetal.h"

#if defined(VIREO_BARE_METAL)

typedef unsigned long size_t;

// A word at any address. riscv64 processors may trap on misaligned accesses, so there only equal misalignment of
// source and destination takes the fast way, which aligns both first; a word that might be misaligned would be taken
// apart into bytes by the compiler.
#if defined(__riscv)
typedef vireo_word __attribute__((may_alias)) any_word;
#define SAME_PHASE(a, b) (((vireo_word)(a) ^ (vireo_word)(b)) % 8 == 0)
#else
typedef vireo_word __attribute__((may_alias, aligned(1))) any_word;
#define SAME_PHASE(a, b) 1
#endif

// `no_builtin`: the loops must not be recognised and replaced by calls of the function that they implement.
#define PLAIN __attribute__((no_builtin))

// Lowest address first. Right for overlapping ranges too when the destination is the lower one: everything is read
// before anything at or above it is written.
PLAIN static inline void copy_up(vireo_byte *d, const vireo_byte *s, size_t count) {
  if (count >= 16 && SAME_PHASE(d, s) && (vireo_word)s - (vireo_word)d >= 32) {
    for (; (vireo_word)d % 8 != 0; count--) *d++ = *s++;
    for (; count >= 32; count -= 32, d += 32, s += 32) {
      vireo_word a = *(const any_word *)s, b = *(const any_word *)(s + 8);
      vireo_word c = *(const any_word *)(s + 16), e = *(const any_word *)(s + 24);
      *(any_word *)d = a;
      *(any_word *)(d + 8) = b;
      *(any_word *)(d + 16) = c;
      *(any_word *)(d + 24) = e;
    }
    for (; count >= 8; count -= 8, d += 8, s += 8) *(any_word *)d = *(const any_word *)s;
  }
  for (; count > 0; count--) *d++ = *s++;
}

PLAIN void *memcpy(void *to, const void *from, size_t count) {
  copy_up(to, from, count);
  return to;
}

PLAIN void *memmove(void *to, const void *from, size_t count) {
  vireo_byte *d = to;
  const vireo_byte *s = from;
  // One unsigned comparison: true unless the destination starts inside the source.
  if ((vireo_word)d - (vireo_word)s >= count) {
    copy_up(d, s, count);
    return to;
  }
  d += count;
  s += count;
  if (count >= 16 && SAME_PHASE(d, s)) {
    for (; (vireo_word)d % 8 != 0; count--) *--d = *--s;
    for (; count >= 8; count -= 8) {
      d -= 8;
      s -= 8;
      *(any_word *)d = *(const any_word *)s;
    }
  }
  for (; count > 0; count--) *--d = *--s;
  return to;
}

PLAIN void *memset(void *to, int value, size_t count) {
  vireo_byte *d = to;
  vireo_word pattern = (vireo_byte)value * 0x0101010101010101ul;
  if (count >= 16) {
    for (; (vireo_word)d % 8 != 0; count--) *d++ = (vireo_byte)value;
    for (; count >= 32; count -= 32, d += 32) {
      ((any_word *)d)[0] = pattern;
      ((any_word *)d)[1] = pattern;
      ((any_word *)d)[2] = pattern;
      ((any_word *)d)[3] = pattern;
    }
    for (; count >= 8; count -= 8, d += 8) *(any_word *)d = pattern;
  }
  for (; count > 0; count--) *d++ = (vireo_byte)value;
  return to;
}

PLAIN int memcmp(const void *left, const void *right, size_t count) {
  const vireo_byte *a = left, *b = right;
  if (SAME_PHASE(a, b)) {
    for (; count > 0 && (vireo_word)a % 8 != 0; count--, a++, b++)
      if (*a != *b) return *a - *b;
    while (count >= 8 && *(const any_word *)a == *(const any_word *)b) count -= 8, a += 8, b += 8;
  }
  for (; count > 0; count--, a++, b++)
    if (*a != *b) return *a - *b;
  return 0;
}

#endif
