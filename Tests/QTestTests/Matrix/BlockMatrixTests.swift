import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

extension EmulatedMachines {
  /// The block driver against QEMU's block device.
  @Suite struct BlockMatrixTests {
    static let sectorCount: UInt64 = 2048

    private func bench(
      _ place: Place, _ image: MemoryFile, device: String = "", drive: String = ""
    ) throws -> Bench {
      try Bench(
        place,
        arguments: [
          "-drive", "file=\(QTestMachine.path(ofFile: 0)),if=none,id=d0,format=raw\(drive)",
          "-device", "\(place.model("blk")),drive=d0,serial=vireo-0042\(device)",
        ], files: [image])
    }

    private func image() throws -> MemoryFile {
      try MemoryFile(contents: pattern(sector: 0, count: Int(Self.sectorCount)))
    }

    @Test(arguments: Place.allCases, RingFeatures.all)
    func disk_everyRequest_doesWhatItSays(_ place: Place, _ ring: RingFeatures) throws {
      let image = try image()
      let bench = try bench(place, image, device: ring.deviceArguments)
      var options = BlockOptions()
      options.features.subtract([.eventIndex, .indirectDescriptors])
      options.features.formUnion(ring.wanted)
      switch place.bus {
      case .mmio: try bench.tryDisk(try bench.mmioTransport(.block), options, ring, image)
      case .pci: try bench.tryDisk(try bench.pciTransport(.block), options, ring, image)
      }
      try bench.expectCleanEnd()
    }

    @Test(arguments: Place.allCases)
    func disk_readOnly_refusesWritesAndReads(_ place: Place) throws {
      let image = try image()
      let bench = try bench(place, image, drive: ",readonly=on")
      switch place.bus {
      case .mmio: try bench.tryReadOnlyDisk(try bench.mmioTransport(.block))
      case .pci: try bench.tryReadOnlyDisk(try bench.pciTransport(.block))
      }
      #expect(try image.read(at: 0, byteCount: 512) == pattern(sector: 0))
      try bench.expectCleanEnd()
    }

    @Test(arguments: [Place.aarch64MMIO, .q35PCI])
    func disk_indicesPastTheirWidth_stillAgree(_ place: Place) throws {
      let bench = try bench(place, try image())
      switch place.bus {
      case .mmio: try bench.tryManyReads(try bench.mmioTransport(.block), count: 70_000)
      case .pci: try bench.tryManyReads(try bench.pciTransport(.block), count: 70_000)
      }
      try bench.expectCleanEnd()
    }
  }
}
