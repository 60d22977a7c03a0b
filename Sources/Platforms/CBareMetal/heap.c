// A general heap: blocks with boundary tags, free lists by size, coalescing on every free.
//
// Every block starts with one word, its size in bytes (a multiple of 16, the word included) and in bit 0 whether it is
// in use, in bit 1 whether its lower neighbour is. The payload follows, at a multiple of 16. A free block also holds
// its list links in the payload's first two words and its size again in its last word, where the upper neighbour finds
// it. The range ends with a word that looks like a used block of no size.
#include "CBareMetal.h"

enum { HEADER = 8, GRAIN = 16, SMALLEST = 32, IN_USE = 1, LOWER_IN_USE = 2, FLAGS = 3 };

static vireo_word *word_at(vireo_word address) { return (vireo_word *)address; }
static vireo_word size_of(vireo_word block) { return *word_at(block) & ~(vireo_word)FLAGS; }

// Free list `n` holds sizes from 2^n up to the next power of two.
static int bin_of(vireo_word size) { return 63 - __builtin_clzl(size); }

static void link_block(vireo_heap *heap, vireo_word block) {
  int bin = bin_of(size_of(block));
  vireo_word first = heap->bins[bin];
  word_at(block)[1] = first;
  word_at(block)[2] = 0;
  if (first != 0) word_at(first)[2] = block;
  heap->bins[bin] = block;
}

static void unlink_block(vireo_heap *heap, vireo_word block) {
  vireo_word next = word_at(block)[1], previous = word_at(block)[2];
  if (next != 0) word_at(next)[2] = previous;
  if (previous != 0) word_at(previous)[1] = next;
  else heap->bins[bin_of(size_of(block))] = next;
}

// Makes a free block of a range whose neighbours are in use, and tells the upper one.
static void make_free(vireo_heap *heap, vireo_word block, vireo_word size) {
  *word_at(block) = size | LOWER_IN_USE;
  *word_at(block + size - 8) = size;
  *word_at(block + size) &= ~(vireo_word)LOWER_IN_USE;
  link_block(heap, block);
}

void vireo_heap_init(vireo_heap *heap, vireo_word start, vireo_word byte_count) {
  vireo_word end = (start + byte_count) & ~(vireo_word)(GRAIN - 1);
  // Headers lie 8 bytes before a multiple of 16, so that payloads lie at one.
  start = ((start + GRAIN - 1) & ~(vireo_word)(GRAIN - 1)) + GRAIN - HEADER;
  for (int bin = 0; bin < 60; bin++) heap->bins[bin] = 0;
  heap->bytes_in_use = 0;
  heap->blocks_in_use = 0;
  heap->start = start;
  heap->end = end - HEADER;
  *word_at(heap->end) = IN_USE;
  make_free(heap, start, heap->end - start);
}

vireo_word vireo_heap_allocate(vireo_heap *heap, vireo_word byte_count, vireo_word alignment) {
  if (alignment < GRAIN) alignment = GRAIN;
  if ((alignment & (alignment - 1)) != 0 || byte_count > heap->end - heap->start) return 0;
  vireo_word size = (byte_count + HEADER + GRAIN - 1) & ~(vireo_word)(GRAIN - 1);
  if (size < SMALLEST) size = SMALLEST;

  for (int bin = bin_of(size); bin < 60; bin++) {
    for (vireo_word block = heap->bins[bin]; block != 0; block = word_at(block)[1]) {
      vireo_word available = size_of(block);
      vireo_word payload = (block + HEADER + alignment - 1) & ~(alignment - 1);
      // What lies before an aligned payload becomes a free block of its own, hence must be large enough for one.
      while (payload - HEADER - block != 0 && payload - HEADER - block < SMALLEST) payload += alignment;
      vireo_word before = payload - HEADER - block;
      if (before > available || available - before < size) continue;

      unlink_block(heap, block);
      vireo_word lower_flag = LOWER_IN_USE;
      if (before != 0) {
        *word_at(block + before) = 0;  // so that `make_free` has an upper neighbour to tell
        make_free(heap, block, before);
        lower_flag = 0;
      }
      block += before;
      available -= before;
      vireo_word rest = available - size;
      if (rest >= SMALLEST) {
        make_free(heap, block + size, rest);
      } else {
        size = available;
        *word_at(block + size) |= LOWER_IN_USE;
      }
      *word_at(block) = size | IN_USE | lower_flag;
      heap->bytes_in_use += size;
      heap->blocks_in_use += 1;
      return payload;
    }
  }
  return 0;
}

int vireo_heap_free(vireo_heap *heap, vireo_word address) {
  vireo_word block = address - HEADER;
  if (address % GRAIN != 0 || block < heap->start || block >= heap->end) return 1;
  vireo_word size = size_of(block);
  if ((*word_at(block) & IN_USE) == 0 || size < SMALLEST || size % GRAIN != 0 || size > heap->end - block) return 1;
  heap->bytes_in_use -= size;
  heap->blocks_in_use -= 1;
  if ((*word_at(block) & LOWER_IN_USE) == 0) {
    vireo_word below = *word_at(block - 8);
    // A second free of this address must not find its old header intact.
    *word_at(block) = 0;
    block -= below;
    size += below;
    unlink_block(heap, block);
  }
  vireo_word above = block + size;
  if ((*word_at(above) & IN_USE) == 0) {
    size += size_of(above);
    unlink_block(heap, above);
  }
  make_free(heap, block, size);
  return 0;
}

int vireo_heap_check(const vireo_heap *heap) {
  vireo_word lower_in_use = LOWER_IN_USE, used = 0, used_blocks = 0, free_blocks = 0, block = heap->start;
  while (block < heap->end) {
    vireo_word size = size_of(block), flags = *word_at(block) & FLAGS;
    if (size < SMALLEST || size % GRAIN != 0 || size > heap->end - block) return 1;
    if ((flags & LOWER_IN_USE) != lower_in_use) return 2;
    if ((flags & IN_USE) != 0) {
      used += size;
      used_blocks += 1;
      lower_in_use = LOWER_IN_USE;
    } else {
      if (lower_in_use == 0) return 3;  // two free neighbours: should have been joined
      if (*word_at(block + size - 8) != size) return 4;
      free_blocks += 1;
      lower_in_use = 0;
    }
    block += size;
  }
  if (block != heap->end || used != heap->bytes_in_use || used_blocks != heap->blocks_in_use) return 5;
  for (int bin = 0; bin < 60; bin++) {
    vireo_word previous = 0;
    for (vireo_word at = heap->bins[bin]; at != 0; previous = at, at = word_at(at)[1]) {
      if ((*word_at(at) & IN_USE) != 0 || bin_of(size_of(at)) != bin || word_at(at)[2] != previous) return 6;
      if (free_blocks-- == 0) return 7;
    }
  }
  return free_blocks == 0 ? 0 : 8;
}

vireo_word vireo_heap_largest_free(const vireo_heap *heap) {
  vireo_word largest = HEADER;
  for (int bin = 0; bin < 60; bin++)
    for (vireo_word block = heap->bins[bin]; block != 0; block = word_at(block)[1])
      if (size_of(block) > largest) largest = size_of(block);
  return largest - HEADER;
}
