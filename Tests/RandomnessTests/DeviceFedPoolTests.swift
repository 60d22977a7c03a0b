import DevicePlatform
import Testing
import VirtIO
import VirtIOEntropy
import VirtIOMMIO
import VirtIOTestSupport

@testable import Randomness

/// A pool that is fed from VirtIO entropy devices, without waiting.
struct DeviceFedPoolTests {
  typealias Source = EntropySource<MMIOTransport<ScriptedMMIORegisters, TestMemory>>

  /// One round of a kernel's idle loop: takes what came, asks for more only while it is wanted.
  private func pump(_ source: inout Source, _ id: PoolSource, _ pool: inout EntropyPool, _ memory: TestMemory) throws {
    while let completion = source.complete() {
      let count = completion.byteCount
      let buffer = completion.takeBuffer()
      pool.add(buffer, byteCount: count, from: id)
    }
    if source.inFlight == 0, pool.wantedByteCount(from: id) > 0 {
      let buffer = try memory.allocate(byteCount: min(256, pool.wantedByteCount(from: id)))
      guard case .accepted = source.start(into: buffer) else { return }
      source.publish()
    }
  }

  private func open(_ model: EntropyModel, _ heap: DeviceHeap, _ memory: TestMemory) throws -> Source {
    let device = model.makeDevice(heap: heap)
    device.trace.isOn = false
    var waiter = TestWaiter()
    return try Source(
      try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory), waiter: &waiter)
  }

  @Test(arguments: [Int.max, 7]) func twoDevices_seedThePoolAndAreLeftAlone(limit: Int) throws {
    let heap = DeviceHeap()
    let memory = TestMemory(heap: heap)
    let models = [EntropyModel(seed: 1), EntropyModel(seed: 2)]
    for model in models { model.limit = limit }
    do {
      var first = try open(models[0], heap, memory)
      var second = try open(models[1], heap, memory)
      var options = EntropyPoolOptions()
      options.sourcesRequired = 2
      var pool = EntropyPool(options: options)
      let a = try pool.source(8)
      let b = try pool.source(8)
      var rounds = 0
      while !pool.isReady, rounds < 1000 {
        try pump(&first, a, &pool, memory)
        try pump(&second, b, &pool, memory)
        rounds += 1
      }
      #expect(pool.isReady == true)
      let given = models.map(\.given.count)
      for _ in 0..<10 {
        try pump(&first, a, &pool, memory)
        try pump(&second, b, &pool, memory)
      }
      #expect(models.map(\.given.count) == given)
      #expect(given.allSatisfy { $0 >= 1072 && $0 < 1072 + 256 })
      let words = [try pool.nextWord(), try pool.nextWord()]
      #expect(words[0] != words[1])
    }
    #expect(memory.buffersInUse == 0)
  }

  @Test func deviceThatGivesNothing_leavesThePoolUnseeded() throws {
    let heap = DeviceHeap()
    let memory = TestMemory(heap: heap)
    let model = EntropyModel(seed: 1)
    model.limit = 0
    var source = try open(model, heap, memory)
    var pool = EntropyPool()
    let id = try pool.source(8)
    for _ in 0..<100 { try pump(&source, id, &pool, memory) }
    #expect(pool.isReady == false)
    #expect(pool.health(of: id) == .starting(samplesLeft: 1024))
  }
}
