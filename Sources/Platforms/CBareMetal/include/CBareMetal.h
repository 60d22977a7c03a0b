// What a kernel on bare metal needs below Swift: where it was entered, exception frames, processor registers, the heap.
//
// No header of any C library is included. Types are plain C, because all targets are LP64 (see CVireo.h): a `long` is
// a machine word.
#ifndef VIREO_CBAREMETAL_H
#define VIREO_CBAREMETAL_H

// On a system with an operating system this module has the heap only, for its tests.
#if !defined(__unix__) && !defined(__APPLE__) && !defined(_WIN32)
#define VIREO_BARE_METAL 1
#endif

#ifndef __ASSEMBLER__

typedef unsigned char vireo_byte;
typedef unsigned int vireo_half;  // 32 bits
typedef unsigned long vireo_word;  // 64 bits

// --- The heap (heap.c) ---------------------------------------------------------------------------------------------

// One heap over one range of memory. All state is inside; no locking.
typedef struct vireo_heap {
  vireo_word start;
  vireo_word end;
  vireo_word bytes_in_use;  // with headers
  vireo_word blocks_in_use;
  vireo_word bins[60];
} vireo_heap;

void vireo_heap_init(vireo_heap *heap, vireo_word start, vireo_word byte_count);
// 0 when there is no room, or when `alignment` is no power of two.
vireo_word vireo_heap_allocate(vireo_heap *heap, vireo_word byte_count, vireo_word alignment);
// Returns 0, or 1 when the address is not that of a living block (it is then left alone).
int vireo_heap_free(vireo_heap *heap, vireo_word address);
// Walks all blocks: 0 when headers, neighbours and free lists agree.
int vireo_heap_check(const vireo_heap *heap);
// The largest size that an allocation with the smallest alignment would get.
vireo_word vireo_heap_largest_free(const vireo_heap *heap);

#if defined(VIREO_BARE_METAL)

// The heap behind Swift's own allocations (libc.c).
vireo_heap *vireo_system_heap(void);

// --- Boot (boot.S, start.c) ----------------------------------------------------------------------------------------

// The kernel's own entry: called once, on the boot stack, with MMU and caches on and exceptions reported.
// A Swift kernel writes `@c(vireo_kernel_main) func start() { ... }`.
void vireo_kernel_main(void);

// What the loader passed. aarch64: x0 (a device tree, or 0). riscv64: a1 (a device tree). x86_64: %ebx (PVH start info).
vireo_word vireo_boot_argument(void);
// Where the image lies: code, constants, stack, data and heap, from first to one behind last.
vireo_word vireo_image_start(void);
vireo_word vireo_image_end(void);
// The stack that `vireo_kernel_main` runs on, lowest and one behind highest address.
vireo_word vireo_stack_start(void);
vireo_word vireo_stack_end(void);

#if defined(__x86_64__)
// A copy of the 4096 bytes at address 0, as the boot loader left them: page 0 itself is not mapped.
vireo_word vireo_first_page(void);
#endif

// --- Exceptions (exceptions.S) -------------------------------------------------------------------------------------

// Everything that the interrupted code had. Changes to it take effect when the handler returns.
#if defined(__aarch64__)
typedef struct vireo_exception_frame {
  vireo_word x[31];
  vireo_word sp;
  vireo_word pc;      // ELR_EL1
  vireo_word pstate;  // SPSR_EL1
  vireo_word esr;
  vireo_word far;
  vireo_word vector;  // 0 ... 15, the row of the vector table
  vireo_word reserved;
  vireo_word q[64];
  vireo_word fpsr;
  vireo_word fpcr;
} vireo_exception_frame;
#elif defined(__riscv)
typedef struct vireo_exception_frame {
  vireo_word x[32];
  vireo_word pc;      // sepc
  vireo_word status;  // sstatus
  vireo_word cause;   // scause
  vireo_word value;   // stval
  vireo_word scratch; // what sscratch becomes on return
  vireo_word reserved;
} vireo_exception_frame;
#elif defined(__x86_64__)
typedef struct vireo_exception_frame {
  vireo_word cr2;
  vireo_word r15, r14, r13, r12, rbx, rbp, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax;
  vireo_word vector;
  vireo_word error;
  vireo_word rip, cs, rflags, rsp, ss;
} vireo_exception_frame;
#endif

// Called for every exception and interrupt; BareMetal supplies it. Returning resumes the interrupted code.
void vireo_exception(vireo_exception_frame *frame);

// --- Processor registers -------------------------------------------------------------------------------------------

#define VIREO_BM_INLINE static inline __attribute__((always_inline))

// Ends the machine where nothing better is left to do.
VIREO_BM_INLINE __attribute__((noreturn)) void vireo_halt(void) {
  for (;;) {
#if defined(__x86_64__)
    __asm__ volatile("cli; hlt");
#else
    __asm__ volatile("wfi");
#endif
  }
}

// Raises a breakpoint exception on purpose.
VIREO_BM_INLINE void vireo_breakpoint(void) {
#if defined(__aarch64__)
  __asm__ volatile("brk #0x100" ::: "memory");
#elif defined(__riscv)
  __asm__ volatile(".option push; .option norvc; ebreak; .option pop" ::: "memory");
#else
  __asm__ volatile("int3" ::: "memory");
#endif
}

#if defined(__aarch64__)
VIREO_BM_INLINE vireo_word vireo_counter(void) {
  vireo_word value;
  // Without the barrier the counter may be read before earlier instructions.
  __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value)::"memory");
  return value;
}
VIREO_BM_INLINE vireo_word vireo_counter_frequency(void) {
  vireo_word value;
  __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(value));
  return value;
}
// Instructions that were executed, once `vireo_count_instructions` was called. Event counter 0 counts INST_RETIRED.
// QEMU counts them only with `-icount`.
VIREO_BM_INLINE void vireo_count_instructions(void) {
  __asm__ volatile("msr pmevtyper0_el0, %0; msr pmcntenset_el0, %1; msr pmcr_el0, %1; isb" ::"r"(0x08ul), "r"(1ul));
}
VIREO_BM_INLINE vireo_word vireo_instructions(void) {
  vireo_word value;
  __asm__ volatile("mrs %0, pmevcntr0_el0" : "=r"(value)::"memory");
  return value;
}
VIREO_BM_INLINE vireo_word vireo_sctlr(void) {
  vireo_word value;
  __asm__ volatile("mrs %0, sctlr_el1" : "=r"(value));
  return value;
}
// A semihosting call: the debugger (QEMU) sees the instruction, never the machine.
VIREO_BM_INLINE vireo_word vireo_semihosting(vireo_word operation, vireo_word argument) {
  register vireo_word x0 __asm__("x0") = operation;
  register vireo_word x1 __asm__("x1") = argument;
  __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
  return x0;
}
#elif defined(__riscv)
VIREO_BM_INLINE vireo_word vireo_counter(void) {
  vireo_word value;
  __asm__ volatile("rdtime %0" : "=r"(value)::"memory");
  return value;
}
// Instructions that were executed; the firmware allows reading them. QEMU counts them only with `-icount`.
VIREO_BM_INLINE void vireo_count_instructions(void) {}
VIREO_BM_INLINE vireo_word vireo_instructions(void) {
  vireo_word value;
  __asm__ volatile("rdinstret %0" : "=r"(value)::"memory");
  return value;
}
VIREO_BM_INLINE vireo_word vireo_satp(void) {
  vireo_word value;
  __asm__ volatile("csrr %0, satp" : "=r"(value));
  return value;
}
#elif defined(__x86_64__)
VIREO_BM_INLINE vireo_word vireo_counter(void) {
  vireo_half low, high;
  // Without the barrier the counter may be read before earlier loads.
  __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
  return (vireo_word)high << 32 | low;
}
// The time stamp counter, unordered: under QEMU with `-icount shift=0` it is the number of executed instructions.
VIREO_BM_INLINE void vireo_count_instructions(void) {}
VIREO_BM_INLINE vireo_word vireo_instructions(void) {
  vireo_half low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high)::"memory");
  return (vireo_word)high << 32 | low;
}
VIREO_BM_INLINE vireo_word vireo_cr0(void) {
  vireo_word value;
  __asm__ volatile("mov %%cr0, %0" : "=r"(value));
  return value;
}
typedef struct vireo_cpuid_result { vireo_half eax, ebx, ecx, edx; } vireo_cpuid_result;
VIREO_BM_INLINE vireo_cpuid_result vireo_cpuid(vireo_half leaf, vireo_half subleaf) {
  vireo_cpuid_result r;
  __asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf));
  return r;
}
#endif

#endif  // VIREO_BARE_METAL
#endif  // __ASSEMBLER__
#endif
