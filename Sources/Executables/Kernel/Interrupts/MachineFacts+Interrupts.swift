#if os(none)
  import BareMetal
  import DeviceTree

  extension MachineFacts {
    /// Has interrupts taken from now on; nil when the machine's controller is not known. To be called once.
    func startInterrupts(clock: CounterClock) -> Interrupts? {
      guard let controller = interruptController(clock: clock) else { return nil }
      let interrupts = Interrupts(controller: controller, clock: clock)
      interrupts.start()
      return interrupts
    }

    /// The machine's interrupt controller; nil when nobody says where it is, or when it is of a kind that is not driven.
    private func interruptController(clock: CounterClock) -> (any InterruptController)? {
      #if arch(arm64)
        if let gic = registers(of: "arm,gic-v3") {
          guard gic.count >= 2, gic[0].byteCount >= 0x1_0000 else { return nil }
          return unsafe GICController(
            unsafeDistributor: gic[0].start, redistributors: gic[1].start,
            redistributorsByteCount: Int(gic[1].byteCount))
        }
        guard let gic = registers(of: "arm,cortex-a15-gic") ?? registers(of: "arm,gic-400"), gic.count >= 2 else {
          return nil
        }
        return unsafe GICController(
          unsafeDistributor: gic[0].start, cpuInterface: gic[1].start,
          messageFrame: registers(of: "arm,gic-v2m-frame")?.first?.start)
      #elseif arch(riscv64)
        guard let node = tree?.nodes(compatibleWith: "riscv,plic0").first,
          let place = registers(of: "riscv,plic0")?.first
        else { return nil }
        // The boot hart is hart 0, whose context 0 is the firmware's and 1 is ours.
        let sources = (try? node.cell("riscv,ndev")) ?? 0
        return unsafe PLICController(
          unsafeRegisters: place.start, byteCount: Int(place.byteCount), sources: sources, context: 1)
      #else
        return unsafe APICController(unsafeLocal: 0xfee0_0000, inputs: [0xfec0_0000, 0xfec1_0000], clock: clock)
      #endif
    }

    /// The register windows of the first device that is compatible with `name`, as far as they are mapped: these are
    /// addresses that a boot loader claims.
    private func registers(of name: String) -> [MemoryRange]? {
      guard let node = tree?.nodes(compatibleWith: name).first, let ranges = try? node.registers() else { return nil }
      var windows: [MemoryRange] = []
      for range in ranges {
        let window = MemoryRange(range)
        let mapped = window.intersection(Machine.mapped)
        guard !mapped.isEmpty, mapped.byteCount == window.byteCount, window.start & 0xfff == 0 else { return nil }
        windows.append(window)
      }
      return windows
    }
  }
#endif
