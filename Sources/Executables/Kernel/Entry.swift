#if os(none)
  import BareMetal
  import CBareMetal

  /// Called by the boot code: MMU and caches are on, exceptions are reported.
  @c(vireo_kernel_main)
  func kernelMain() {
    Machine.console.enable()
    Machine.exit(SelfCheck().run() ? .success : .failure)
  }
#endif
