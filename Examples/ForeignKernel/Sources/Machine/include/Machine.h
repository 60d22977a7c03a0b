// What the kernel needs from assembly and C. No header of any C library is included.
#ifndef MACHINE_H
#define MACHINE_H

// The processor's free-running counter, and its ticks per second.
unsigned long machine_counter(void);
unsigned long machine_counter_frequency(void);

// The memory for devices: 64 pages of 16 KiB at a multiple of 1 MiB, used by nobody else.
unsigned long machine_dma_start(void);

// 4 KiB at a multiple of 64, used by nobody else.
unsigned long machine_tables_start(void);

// How often memory was taken from the heap so far.
unsigned long machine_allocations(void);

// Ends QEMU with this status.
__attribute__((noreturn)) void machine_exit(unsigned int status);

#endif
