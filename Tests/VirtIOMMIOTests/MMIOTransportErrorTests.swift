import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

/// What `MMIOTransport.init` and `configure` refuse, and which registers they have touched by then.
struct MMIOTransportErrorTests {
  private func entropy(isLegacy: Bool = false) -> Bench {
    Bench { EntropyModel().makeDevice(heap: $0, isLegacy: isLegacy) }
  }

  // SPEC: drivernormative:... / MMIO Device Register Layout 6
  // SPEC: drivernormative:... / MMIO-specific Initialization And Device Operation / Device Initialization 1
  @Test func init_wrongMagic_isRefusedAfterOneRead() {
    let bench = entropy()
    bench.device.hostility.magic = 0x7472_6975
    #expect(failure { () throws(TransportError) in _ = try bench.transport() } == .noMagic(found: 0x7472_6975))
    #expect(bench.device.trace.text == "load32 0x000 -> 0x74726975")
  }

  // SPEC: drivernormative:... / MMIO Device Register Layout 7
  // SPEC: drivernormative:... / MMIO-specific Initialization And Device Operation / Device Initialization 1
  @Test(arguments: [0, 3, .max] as [UInt32])
  func init_unknownVersion_isRefusedAfterTwoReads(version: UInt32) {
    let bench = entropy()
    bench.device.hostility.version = version
    #expect(failure { () throws(TransportError) in _ = try bench.transport() } == .unknownVersion(version))
    #expect(bench.device.trace.entries.count == 2)
  }

  // SPEC: drivernormative:... / MMIO Device Register Layout 8, 9
  // SPEC: drivernormative:... / MMIO-specific Initialization And Device Operation / Device Initialization 2, 3, 4
  @Test(arguments: [MMIOVersionPolicy.any, .modernOnly], [false, true])
  func init_emptySlot_isNoDeviceWhateverTheVersion(policy: MMIOVersionPolicy, isLegacy: Bool) {
    let bench = Bench { ScriptedDevice(type: .none, queueSizes: [], heap: $0, isLegacy: isLegacy) }
    #expect(failure { () throws(TransportError) in _ = try bench.transport(policy) } == .noDevice)
    #expect(bench.device.trace.entries.map(\.offset) == [0, 4, 8])
    #expect(bench.device.violations == [])
  }

  // SPEC: drivernormative:... / MMIO Device Register Layout 7
  @Test func init_legacyDevice_dependsOnPolicy() throws {
    let bench = entropy(isLegacy: true)
    #expect(failure { () throws(TransportError) in _ = try bench.transport(.modernOnly) } == .legacyRefused)
    let transport = try bench.transport(.any)
    let isLegacy = transport.isLegacy
    #expect(isLegacy)
    let type = transport.deviceType
    #expect(type == .entropy)
    let words = transport.featureWordCount
    #expect(words == 1)
    let requirements = transport.ringRequirements
    #expect(requirements == .legacy)
  }

  @Test func init_windowTooSmall_isRefusedWithoutAnyAccess() {
    let bench = entropy()
    let registers = ScriptedMMIORegisters(device: bench.device, byteCount: 0xfc)
    let error = failure { () throws(TransportError) in _ = try Transport(registers: registers, memory: bench.memory) }
    #expect(error == .windowOutOfRange("MMIO register window", offset: 0, byteCount: 0x100, limit: 0xfc))
    #expect(bench.device.trace.entries.isEmpty)
  }

  @Test func init_windowWithoutConfiguration_hasNoConfigurationBytes() throws {
    let bench = entropy()
    let transport = try Transport(
      registers: ScriptedMMIORegisters(device: bench.device, byteCount: 0x100), memory: bench.memory)
    let byteCount = transport.configurationByteCount
    #expect(byteCount == 0)
    let words = transport.featureWordCount
    #expect(words == 2)
  }

  @Test(arguments: [false, true])
  func configure_queueInUse_isRefusedBeforeAnythingIsWritten(isLegacy: Bool) throws {
    let bench = entropy(isLegacy: isLegacy)
    bench.device.hostility.queuesInUse = true
    let transport = try bench.transport()
    bench.device.trace.clear()
    let error = failure { () throws(TransportError) in
      try transport.configure(queue: 0, size: 8, areas: areas(at: 0x10000, isLegacy: isLegacy))
    }
    #expect(error == .queueInUse(index: 0))
    #expect(bench.device.trace.text == "store32 0x030 <- 0x0\nload32 \(isLegacy ? "0x040" : "0x044") -> 0x1")
  }

  @Test(arguments: [false, true])
  func configure_queueThatStaysDisabled_isNotEnabled(isLegacy: Bool) throws {
    let bench = entropy(isLegacy: isLegacy)
    bench.device.hostility.queuesStayDisabled = true
    let transport = try bench.transport()
    let error = failure { () throws(TransportError) in
      try transport.configure(queue: 0, size: 8, areas: areas(at: 0x10000, isLegacy: isLegacy))
    }
    #expect(error == .queueNotEnabled(index: 0))
  }

  @Test(arguments: [0, 1 << 44, 0xffff_ffff_ffff_f000] as [UInt64])
  func configure_legacyQueueOutOfReach_isRefusedWithoutAnyAccess(start: UInt64) throws {
    let bench = entropy(isLegacy: true)
    let transport = try bench.transport()
    bench.device.trace.clear()
    let areas = QueueAreas(
      descriptors: DeviceAddress(start), driver: DeviceAddress(start &+ 128), device: DeviceAddress(start &+ 4096))
    let error = failure { () throws(TransportError) in try transport.configure(queue: 0, size: 8, areas: areas) }
    #expect(error == .queueAddressUnreachable(index: 0, address: start, highest: 0xfff_ffff_f000))
    #expect(bench.device.trace.entries.isEmpty)
  }

  @Test func configure_legacyQueueAtTheHighestPage_isWrittenWhole() throws {
    let bench = entropy(isLegacy: true)
    bench.device.hostility.queuesStayDisabled = true
    let transport = try bench.transport()
    bench.device.trace.clear()
    _ = failure { () throws(TransportError) in
      try transport.configure(queue: 0, size: 8, areas: areas(at: 0xfff_ffff_f000, isLegacy: true))
    }
    #expect(bench.device.trace.text.contains("store32 0x040 <- 0xffffffff"))
  }

  @Test func configure_modernQueueAboveFourGiB_writesBothHalves() throws {
    let bench = entropy()
    bench.device.hostility.queuesStayDisabled = true
    let transport = try bench.transport()
    bench.device.trace.clear()
    let areas = QueueAreas(
      descriptors: DeviceAddress(0x1_2345_6789_abc0), driver: DeviceAddress(0x2_0000_0001_0002),
      device: DeviceAddress(0xffff_fffe_0000_0004))
    _ = failure { () throws(TransportError) in try transport.configure(queue: 0, size: 8, areas: areas) }
    #expect(
      bench.device.trace.text == """
        store32 0x030 <- 0x0
        load32 0x044 -> 0x0
        store32 0x038 <- 0x8
        store32 0x080 <- 0x6789abc0
        store32 0x084 <- 0x12345
        store32 0x090 <- 0x10002
        store32 0x094 <- 0x20000
        store32 0x0a0 <- 0x4
        store32 0x0a4 <- 0xfffffffe
        store32 0x044 <- 0x1
        load32 0x044 -> 0x0
        """)
  }

  /// One contiguous piece, as a legacy device has it.
  private func areas(at start: UInt64, isLegacy: Bool) -> QueueAreas {
    QueueAreas(
      descriptors: DeviceAddress(start), driver: DeviceAddress(start + 128), device: DeviceAddress(start + 4096))
  }
}
