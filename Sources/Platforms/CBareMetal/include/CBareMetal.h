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

// Called for every exception; BareMetal supplies it. Returning resumes the interrupted code.
void vireo_exception(vireo_exception_frame *frame);
// Called for every interrupt, with interrupts masked until it returns; BareMetal supplies it. aarch64 and riscv64 call
// it on the exception stack, x86_64 on the interrupted one (code is compiled without a red zone).
void vireo_interrupt(vireo_exception_frame *frame);

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

// --- Interrupts ----------------------------------------------------------------------------------------------------

// From here on no interrupt is taken; one that comes stays pending.
VIREO_BM_INLINE void vireo_mask_interrupts(void) {
#if defined(__aarch64__)
  __asm__ volatile("msr daifset, #2" ::: "memory");
#elif defined(__riscv)
  __asm__ volatile("csrci sstatus, 2" ::: "memory");
#else
  __asm__ volatile("cli" ::: "memory");
#endif
}

// Pending interrupts are taken before the next statement.
VIREO_BM_INLINE void vireo_unmask_interrupts(void) {
#if defined(__aarch64__)
  __asm__ volatile("msr daifclr, #2; isb" ::: "memory");
#elif defined(__riscv)
  __asm__ volatile("csrsi sstatus, 2" ::: "memory");
#else
  __asm__ volatile("sti; nop" ::: "memory");  // `sti` takes effect behind the instruction that follows it
#endif
}

// True when interrupts are taken.
VIREO_BM_INLINE int vireo_interrupts_are_unmasked(void) {
  vireo_word value;
#if defined(__aarch64__)
  __asm__ volatile("mrs %0, daif" : "=r"(value)::"memory");
  return (value & 0x80) == 0;
#elif defined(__riscv)
  __asm__ volatile("csrr %0, sstatus" : "=r"(value)::"memory");
  return (value & 2) != 0;
#else
  __asm__ volatile("pushfq; popq %0" : "=r"(value)::"memory");
  return (value & 0x200) != 0;
#endif
}

// Called with interrupts masked. Halts the processor until there is an interrupt, then takes it and returns with
// interrupts unmasked. No interrupt falls between: see HaltingWaiter for why.
VIREO_BM_INLINE void vireo_halt_until_interrupt(void) {
#if defined(__aarch64__)
  // The barrier: register writes that armed a timer or a device are done before the processor sleeps.
  __asm__ volatile("dsb sy; wfi; msr daifclr, #2; isb" ::: "memory");
#elif defined(__riscv)
  __asm__ volatile("fence iorw, iorw; wfi; csrsi sstatus, 2" ::: "memory");
#else
  __asm__ volatile("sti; hlt" ::: "memory");
#endif
}

#if defined(__aarch64__)
// The virtual timer: fires when the counter has reached `value`. CNTV_CVAL_EL0, CNTV_CTL_EL0 (bit 0 enable).
VIREO_BM_INLINE void vireo_set_timer(vireo_word value) {
  __asm__ volatile("msr cntv_cval_el0, %0; msr cntv_ctl_el0, %1; isb" ::"r"(value), "r"(1ul) : "memory");
}
VIREO_BM_INLINE void vireo_stop_timer(void) { __asm__ volatile("msr cntv_ctl_el0, xzr; isb" ::: "memory"); }
VIREO_BM_INLINE vireo_word vireo_mpidr(void) {
  vireo_word value;
  __asm__ volatile("mrs %0, mpidr_el1" : "=r"(value));
  return value;
}

// The processor's side of a GICv3, by its system registers.
VIREO_BM_INLINE void vireo_gic3_start(void) {
  vireo_word value;
  __asm__ volatile("mrs %0, S3_0_C12_C12_5" : "=r"(value));                  // ICC_SRE_EL1
  __asm__ volatile("msr S3_0_C12_C12_5, %0; isb" ::"r"(value | 1) : "memory");
  __asm__ volatile("msr S3_0_C4_C6_0, %0" ::"r"(0xfful));                    // ICC_PMR_EL1: all priorities
  __asm__ volatile("msr S3_0_C12_C12_4, xzr");                               // ICC_CTLR_EL1: EOI also deactivates
  __asm__ volatile("msr S3_0_C12_C12_7, %0; isb" ::"r"(1ul) : "memory");     // ICC_IGRPEN1_EL1
}
VIREO_BM_INLINE vireo_word vireo_gic3_acknowledge(void) {
  vireo_word value;
  __asm__ volatile("mrs %0, S3_0_C12_C12_0; dsb sy" : "=r"(value)::"memory");  // ICC_IAR1_EL1
  return value;
}
VIREO_BM_INLINE void vireo_gic3_finish(vireo_word number) {
  __asm__ volatile("dsb sy; msr S3_0_C12_C12_1, %0; isb" ::"r"(number) : "memory");  // ICC_EOIR1_EL1
}
VIREO_BM_INLINE void vireo_gic3_raise(vireo_word value) {
  __asm__ volatile("dsb ish; msr S3_0_C12_C11_5, %0; isb" ::"r"(value) : "memory");  // ICC_SGI1R_EL1
}
#elif defined(__riscv)
// SBI's TIME extension: a timer interrupt when the counter has reached `value`; clears one that is pending.
VIREO_BM_INLINE void vireo_set_timer(vireo_word value) {
  register vireo_word a0 __asm__("a0") = value;
  register vireo_word a1 __asm__("a1");
  register vireo_word a6 __asm__("a6") = 0;
  register vireo_word a7 __asm__("a7") = 0x54494d45;
  __asm__ volatile("ecall" : "+r"(a0), "=r"(a1) : "r"(a6), "r"(a7) : "memory");
}
// sie: 1 software, 5 timer, 9 external.
VIREO_BM_INLINE void vireo_enable_sources(vireo_word bits) { __asm__ volatile("csrs sie, %0" ::"r"(bits) : "memory"); }
VIREO_BM_INLINE void vireo_disable_sources(vireo_word bits) { __asm__ volatile("csrc sie, %0" ::"r"(bits) : "memory"); }
VIREO_BM_INLINE void vireo_raise_software(void) { __asm__ volatile("csrsi sip, 2" ::: "memory"); }
VIREO_BM_INLINE void vireo_clear_software(void) { __asm__ volatile("csrci sip, 2" ::: "memory"); }
#else
VIREO_BM_INLINE vireo_word vireo_read_msr(vireo_half number) {
  vireo_half low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
  return (vireo_word)high << 32 | low;
}
#endif

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
