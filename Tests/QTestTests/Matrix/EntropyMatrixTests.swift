import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOEntropy

extension EmulatedMachines {
  /// The entropy driver against QEMU's entropy device, which is fed from a file: each byte is known.
  @Suite struct EntropyMatrixTests {
    @Test(arguments: Place.allCases, RingFeatures.all)
    func source_fillAndSubmit_deliversTheBytesOfItsSource(_ place: Place, _ ring: RingFeatures) throws {
      // More than all that is drawn: at the end of the file QEMU's source would not wait but spin for ever.
      let bytes = pattern(sector: 9, count: 256)
      let bench = try Bench(
        place,
        arguments: [
          "-object", "rng-random,id=r0,filename=\(QTestMachine.path(ofFile: 0))",
          "-device", "\(place.model("rng")),rng=r0\(ring.deviceArguments)",
        ], files: [try MemoryFile(contents: bytes)])
      var options = EntropyOptions()
      options.features = ring.wanted
      switch place.bus {
      case .mmio: try bench.trySource(try bench.mmioTransport(.entropy), options, ring, bytes)
      case .pci: try bench.trySource(try bench.pciTransport(.entropy), options, ring, bytes)
      }
      try bench.expectCleanEnd()
    }
  }
}

extension Bench {
  func trySource<T: Transport & ~Copyable>(
    _ transport: consuming T, _ options: EntropyOptions, _ ring: RingFeatures, _ bytes: [UInt8]
  ) throws {
    var waiter = machine.waiter
    var source = try EntropySource(transport, options: options, waiter: &waiter)
    try expectAgreement(on: source.features, wanted: options.features, ring: ring)
    machine.connection.postsWrites = true

    // Three requests: 4096, 4096 and 1808 bytes.
    #expect(try source.bytes(10_000, waiter: &waiter) == Array(bytes[..<10_000]))
    #expect(source.queueState.usedIndex == 3)

    // Without waiting: shown one by one, so that each is a request of its own.
    var next = 10_000
    for round in 0..<20 {
      let buffer = try machine.memory.allocate(byteCount: 100)
      guard case .accepted(let token) = source.start(into: buffer) else {
        Issue.record("refused in round \(round)")
        return
      }
      source.publish()
      let deadline = waiter.now + .seconds(10)
      while source.inFlight > 0, waiter.now < deadline {
        guard let completion = source.complete() else {
          waiter.wait(until: deadline)
          continue
        }
        #expect(completion.token == token && completion.byteCount == 100)
        let count = completion.byteCount
        let filled = completion.takeBuffer()
        #expect(filled.array(count) == Array(bytes[next..<next + count]))
        next += count
      }
    }
    try tryFullSource(&source, &waiter)
    try expectAgreement(on: source.queueState)
    #expect(source.status.contains(.driverOK))
  }

  /// All slots at once; in which order the bytes are given out is the device's business.
  private func tryFullSource<T: Transport & ~Copyable>(
    _ source: inout EntropySource<T>, _ waiter: inout QTestWaiter
  ) throws {
    var isFull = false
    for _ in 0...source.capacity {
      if case .refused(let refusal, _) = source.start(into: try machine.memory.allocate(byteCount: 64)) {
        #expect(refusal == .full)
        isFull = true
      }
    }
    #expect(isFull && source.inFlight == source.capacity)
    source.publish()
    var count = 0
    let deadline = waiter.now + .seconds(10)
    while count < source.capacity, waiter.now < deadline {
      guard let completion = source.complete() else {
        waiter.wait(until: deadline)
        continue
      }
      #expect(completion.byteCount > 0 && completion.byteCount <= 64)
      count += 1
    }
    #expect(count == source.capacity && source.inFlight == 0)
  }
}
