import DevicePlatform
import Drawing
import QTest
import Testing
import VirtIO
import VirtIOGPU
import VirtualMachine

extension EmulatedMachines {
  /// The GPU driver against QEMU's GPU, seen from outside: the picture that the monitor takes has to be what was drawn,
  /// pixel by pixel.
  @Suite struct GPUTests {
    static let places: [Place] = [
      .q35PCI, .aarch64PCI, .aarch64MMIO, .riscv64PCI, .riscv64MMIO, .microvmMMIO,
    ]

    private func run(_ place: Place, properties: String = ",max_outputs=2", _ trial: some TransportUser) throws {
      var configuration = QTestMachine.Configuration(
        place.kind,
        arguments: ["-device", "\(place.model("gpu")),id=gpu0\(properties)\(place.isPCI ? ",romfile=" : "")"])
      configuration.isLegacyMMIO = place.isLegacy
      let bench = try Bench(place, configuration)
      try bench.use(.gpu, trial)
      try bench.expectCleanEnd()
    }

    @Test(arguments: places) func bothHeads_showWhatWasDrawn(_ place: Place) throws { try run(place, BothHeads()) }

    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func everyFormat_arrivesPixelByPixel(_ place: Place) throws {
      try run(place, EveryFormat())
    }

    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func partialUpdates_changeWhatTheyShould(_ place: Place) throws {
      try run(place, PartialUpdates())
    }

    @Test(arguments: [Place.q35PCI, .riscv64MMIO]) func modeChanges_areSeen(_ place: Place) throws {
      try run(place, ModeChanges())
    }

    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func text_scrolls(_ place: Place) throws {
      try run(place, TextConsole())
    }

    /// Drivers that forget something: each must fail the comparison.
    @Test(arguments: BrokenPresenter.Fault.allCases) func brokenDriver_isSeen(_ fault: BrokenPresenter.Fault) throws {
      try run(.q35PCI, BrokenPresenter(fault: fault))
    }

    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func displays_areWhatTheMachineWasGiven(_ place: Place) throws {
      try run(place, properties: ",max_outputs=2,edid=on,xres=1024,yres=600", Displays())
    }

    /// QEMU refuses what it has no memory for, in its own words.
    @Test func resource_aboveTheDevicesLimit_isRefused() throws {
      try run(.q35PCI, properties: ",max_hostmem=1000000", TooLarge())
    }
  }
}
