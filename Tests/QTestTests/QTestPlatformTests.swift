import DevicePlatform
import PlatformCheck
import QTest
import Testing

extension EmulatedMachines {
  /// What a platform promises, held against the emulated machine's memory and this host's time.
  @Suite struct QTestPlatformTests {
    @Test(arguments: [MachineKind.microvm, .riscv64Virt])
    func platform_keepsAllRules(_ kind: MachineKind) throws {
      let machine = try QTestMachine(.init(kind))
      let free = machine.memory.provider.freeByteCount
      var waiter = machine.waiter
      var limits = PlatformCheckLimits()
      // Other tests want these processors too.
      limits.lateness = .seconds(1)
      var broken: [String] = []
      var count = 0
      checkPlatform(
        provider: machine.memory.provider, memory: machine.memory, clock: HostClock(), waiter: &waiter,
        limits: limits
      ) {
        count += 1
        if $0.isBroken { broken.append($0.words) }
      }
      #expect(broken == [])
      #expect(count == PlatformRule.allCases.count)
      #expect(machine.memory.provider.freeByteCount == free)
      #expect(machine.memory.buffersInUse == 0)
    }
  }
}
