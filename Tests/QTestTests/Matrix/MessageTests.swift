import DevicePlatform
import PCI
import QTest
import Testing
import VirtIO
import VirtIOBlock
import VirtIOPCI

extension EmulatedMachines {
  /// Message-signalled interrupts of a disk: words in memory that the device writes. A word is cleared by the test and
  /// tells of one message at least.
  @Suite struct MessageTests {
    private static let wordForConfiguration = 0
    private static let wordForQueue = 64
    private static let image = ["-drive", "file=\(QTestMachine.path(ofFile: 0)),if=none,id=d0,format=raw"]

    private func bench(_ place: Place) throws -> Bench {
      try Bench(
        place, arguments: Self.image + ["-device", "\(place.model("blk")),drive=d0,addr=7"],
        files: [try MemoryFile(contents: pattern(sector: 0, count: 64))])
    }

    private func transport(
      _ bench: Bench, _ messages: [InterruptMessage]
    ) throws -> PCITransport<QTestRegisters, QTestMemory> {
      try #require(bench.bus).transport(.block, messages)
    }

    @Test(arguments: [Place.q35PCI, .q35EnhancedPCI, .aarch64PCI, .riscv64PCI], [1, 2])
    func messages_areSentWhenAskedFor_andSayWhatHappened(_ place: Place, _ count: Int) throws {
      let bench = try bench(place)
      var words = try bench.machine.memory.allocate(byteCount: 128)
      let address = words.deviceAddress.rawValue
      let all = [
        InterruptMessage(address: address, data: 0x11),
        InterruptMessage(address: address + UInt64(Self.wordForQueue), data: 0x22),
      ]
      try tryMessages(bench, Array(all.prefix(count)), &words)
      _ = consume words
      try bench.expectCleanEnd()
    }

    private func tryMessages(
      _ bench: Bench, _ messages: [InterruptMessage], _ words: inout DMABuffer
    ) throws {
      let transport = try transport(bench, messages)
      let count = messages.count
      #expect(transport.messageCount == count)
      let made = transport.makeMessageControl()
      let control = try #require(made)
      #expect(control.messageCount == count)
      let shared: DeviceEvents = [.usedBuffers, .configurationChanged]
      #expect(transport.meaning(ofMessage: 0) == (count == 1 ? shared : .configurationChanged))
      #expect(transport.meaning(ofMessage: count - 1) == (count == 1 ? shared : .usedBuffers))
      let queueWord = count == 1 ? Self.wordForConfiguration : Self.wordForQueue
      let queueTag: UInt8 = count == 1 ? 0x11 : 0x22

      var waiter = bench.machine.waiter
      var disk = try BlockDevice(transport, waiter: &waiter)
      var buffer = try bench.machine.memory.allocate(byteCount: 512)
      // A fresh ring with EVENT_IDX asks for the very first use: let that pass.
      buffer = try read(&disk, buffer, &waiter)
      try bench.machine.connection.synchronize()
      words[queueWord] = 0

      // Not asked for: none.
      buffer = try read(&disk, buffer, &waiter)
      try bench.machine.connection.synchronize()
      #expect(words[queueWord] == 0)

      // Asked for: one, with its own data.
      let isReady = disk.arm()
      #expect(!isReady)
      buffer = try read(&disk, buffer, &waiter)
      try expect(words: &words, at: queueWord, toBecome: queueTag, &waiter)
      let handle = InterruptHandle(
        source: MessageSource(meaning: count == 1 ? shared : .usedBuffers), mailbox: disk.mailbox)
      #expect(handle.handleInterrupt())
      #expect(disk.mailbox.take().contains(.usedBuffers))

      // Asked for, but masked at the device: none, until it is unmasked.
      for index in 0..<count { control.setMessage(index, masked: true) }
      let isReadyAgain = disk.arm()
      #expect(!isReadyAgain)
      buffer = try read(&disk, buffer, &waiter)
      try bench.machine.connection.synchronize()
      #expect(words[queueWord] == 0)
      for index in 0..<count { control.setMessage(index, masked: false) }
      try expect(words: &words, at: queueWord, toBecome: queueTag, &waiter)
      disk.disarm()

      // The configuration's own vector.
      words[Self.wordForConfiguration] = 0
      _ = try bench.machine.monitor.execute("block_resize", ["device": .string("d0"), "size": .integer(65536)])
      try expect(words: &words, at: Self.wordForConfiguration, toBecome: 0x11, &waiter)
      _ = consume buffer
    }

    private func read<T: Transport & ~Copyable>(
      _ disk: inout BlockDevice<T>, _ buffer: consuming DMABuffer, _ waiter: inout QTestWaiter
    ) throws -> DMABuffer {
      switch disk.startRead(sector: 1, into: buffer) {
      case .accepted: break
      case .refused(let refusal, _): throw refusal
      }
      disk.publish()
      let deadline = waiter.now + .seconds(5)
      while true {
        if let completion = disk.complete() {
          #expect(completion.result == .done)
          return completion.takeBuffer()
        }
        guard waiter.now < deadline else { throw WaitFailure.timedOut }
        waiter.wait(until: deadline)
      }
    }

    private func expect(
      words: inout DMABuffer, at offset: Int, toBecome tag: UInt8, _ waiter: inout QTestWaiter,
      location: SourceLocation = #_sourceLocation
    ) throws {
      let deadline = waiter.now + .seconds(5)
      while words[offset] != tag, waiter.now < deadline { waiter.wait(until: deadline) }
      #expect(words[offset] == tag, sourceLocation: location)
      words[offset] = 0
    }

    /// A function without MSI-X, or a legacy one, goes on by the line.
    @Test func messages_ofLegacyDevice_areNotUsed() throws {
      let bench = try bench(.q35LegacyPCI)
      let transport = try transport(bench, [InterruptMessage(address: 0x10_0000, data: 1)])
      let control = transport.makeMessageControl()
      #expect(transport.messageCount == 0 && control == nil)
      _ = consume transport
      try bench.expectCleanEnd()
    }
  }
}
