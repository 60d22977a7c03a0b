import DevicePlatform
import Testing
import VirtIOTestSupport

/// The pile of idle buffers.
struct DMABufferStackTests {
  @Test func pushAndPop_areLastInFirstOut() throws {
    let pool = TestMemory(heap: DeviceHeap())
    var stack = DMABufferStack(capacity: 3)
    #expect(stack.capacity == 3)
    for number in 1...3 { stack.push(try pool.allocate(byteCount: number)) }
    #expect(stack.count == 3)
    for number in (1...3).reversed() {
      let byteCount = stack.pop()?.count
      #expect(byteCount == number)
    }
    let isEmpty = stack.pop() == nil
    #expect(isEmpty)
    #expect(stack.count == 0)
    #expect(pool.buffersInUse == 0)
  }

  @Test func drop_stack_givesItsBuffersBackOnce() throws {
    let heap = DeviceHeap()
    let pool = TestMemory(heap: heap)
    do {
      var stack = DMABufferStack(capacity: 8)
      for _ in 0..<5 { stack.push(try pool.allocate(byteCount: 32)) }
      #expect(pool.buffersInUse == 5)
      #expect(stack.count == 5)
    }
    #expect(pool.buffersInUse == 0)
    #expect(heap.violations == [])
  }

  @Test func push_withoutRoom_ends() async {
    await #expect(processExitsWith: .failure) {
      let pool = TestMemory(heap: DeviceHeap())
      var stack = DMABufferStack(capacity: 1)
      stack.push(try pool.allocate(byteCount: 1))
      stack.push(try pool.allocate(byteCount: 1))
    }
    await #expect(processExitsWith: .failure) {
      var stack = DMABufferStack(capacity: 0)
      stack.push(try TestMemory(heap: DeviceHeap()).allocate(byteCount: 1))
    }
  }
}
