import Testing
import VirtIO

extension EmulatedMachines {
  /// Interrupt lines, edge by edge, as QEMU's block device moves them.
  @Suite struct InterruptEdgeTests {
    static let features: [FeatureSet] = [.eventIndex, []]

    @Test(arguments: Place.allCases, features)
    func line_armedAndNot_movesWhenAskedFor(_ place: Place, features: FeatureSet) throws {
      try Bench.watch(place, ArmingTrial(features: features))
    }

    @Test(arguments: Place.allCases, features)
    func line_armedAfterSeveral_risesAtThatCompletion(_ place: Place, features: FeatureSet) throws {
      try Bench.watch(place, CoalescingTrial(features: features))
    }

    @Test(arguments: Place.allCases, features)
    func line_batchOf32_isOneInterruptWithEventIndex(_ place: Place, features: FeatureSet) throws {
      try Bench.watch(place, BatchTrial(features: features, isSlow: false))
    }

    /// The same where completions come one by one: without EVENT_IDX most of them interrupt.
    @Test(arguments: [Place.aarch64LegacyMMIO, .aarch64MMIO, .riscv64MMIO, .q35PCI], features)
    func line_batchOf32OnSlowDisk_isOneInterruptWithEventIndex(_ place: Place, features: FeatureSet) throws {
      // Ten requests at once, then a hundred in a second.
      try Bench.watch(place, BatchTrial(features: features, isSlow: true), drive: ",throttling.iops-total=100")
    }

    @Test(arguments: Place.allCases)
    func line_resizedDisk_risesAndTheNewSizeIsThere(_ place: Place) throws {
      try Bench.watch(place, ResizeTrial())
    }

    @Test(arguments: Place.allCases)
    func line_resetWhileUp_fallsAndStaysDown(_ place: Place) throws {
      try Bench.watch(place, ResetTrial())
    }
  }
}
