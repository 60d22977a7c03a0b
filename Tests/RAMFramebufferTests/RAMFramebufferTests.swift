import DevicePlatform
import Drawing
import FirmwareConfiguration
import RAMFramebuffer
import Testing
import VirtIOTestSupport

struct RAMFramebufferTests {
  typealias Firmware = FirmwareDevice<ScriptedFirmwareRegisters, TestMemory>

  let heap = DeviceHeap()
  let memory: TestMemory
  let device: ScriptedFirmware

  init() {
    memory = TestMemory(heap: heap)
    device = ScriptedFirmware(heap: heap)
    device.setItem(1, [3, 0, 0, 0])
  }

  private func addFile(_ byteCount: Int = 28) {
    device.addFile("etc/ramfb", number: 0x2a, [UInt8](repeating: 0, count: byteCount), isWritable: true)
  }

  private func open() throws(FirmwareError) -> Firmware {
    try Firmware(device.registers(isPortMapped: false), interface: .memory, memory: memory)
  }

  private func failure(
    _ width: Int, _ height: Int, row: Int? = nil, timeStep: TimeSpan = .milliseconds(1)
  ) throws(FirmwareError) -> RAMFramebufferError? {
    var firmware = try open()
    var waiter = TestWaiter(step: timeStep)
    do throws(RAMFramebufferError) {
      _ = try RAMFramebuffer(
        width: width, height: height, rowByteCount: row, memory: memory, through: &firmware, waiter: &waiter)
      return nil
    } catch {
      return error
    }
  }

  /// Big-endian: address, letters, flags, width, height, row.
  private func told() -> [UInt64] {
    let bytes = device.item(0x2a) ?? []
    func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    return [number(0..<8), number(8..<12), number(12..<16), number(16..<20), number(20..<24), number(24..<28)]
  }

  @Test(arguments: [
    (PixelFormat.bgrx, "XR24"), (.bgra, "AR24"), (.xrgb, "BX24"), (.argb, "BA24"), (.rgba, "AB24"), (.rgbx, "XB24"),
    (.xbgr, "RX24"), (.abgr, "RA24"),
  ])
  func framebuffer_isToldAndDrawnOn(_ format: PixelFormat, _ letters: String) throws {
    addFile()
    var firmware = try open()
    var waiter = TestWaiter()
    do {
      var screen = try RAMFramebuffer(
        width: 33, height: 17, format: format, rowByteCount: 160, memory: memory, through: &firmware, waiter: &waiter)
      let code = Array(letters.utf8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
      let told = told()
      #expect(Array(told[1...]) == [code, 0, 33, 17, 160])
      let color = Color(red: 1, green: 2, blue: 3)
      screen.draw { canvas in
        #expect(canvas.bounds == Rectangle(x: 0, y: 0, width: 33, height: 17))
        canvas.set(x: 32, y: 16, to: color)
      }
      let pixel = try heap.read(told[0] + UInt64(16 * 160 + 4 * 32), byteCount: 4)
      let word = UInt32(littleEndian: format.pixel(color))
      #expect(pixel == (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) })
      #expect(screen.byteCount == 17 * 160 && screen.rowByteCount == 160 && screen.format == format)
    }
    // Shown for good, so never anything else's.
    #expect(memory.buffersLost == 1 && heap.violations == [] && device.violations == [])
  }

  @Test func modeChange_givesTheOldMemoryBack() throws {
    addFile()
    var firmware = try open()
    var waiter = TestWaiter()
    do {
      var screen = try RAMFramebuffer(width: 640, height: 480, memory: memory, through: &firmware, waiter: &waiter)
      let first = told()[0]
      try screen.change(width: 800, height: 600, memory: memory, through: &firmware, waiter: &waiter)
      #expect(told()[0] != first && Array(told()[3...]) == [800, 600, 3200] && screen.width == 800)
      #expect(throws: (any Error).self) { try heap.read(first, byteCount: 4) }
      // What cannot be leaves things as they are.
      heap.capacity = 4 << 20
      #expect(throws: RAMFramebufferError.memory(.outOfMemory(byteCount: 4 * 4000 * 3000, alignment: 4096))) {
        try screen.change(width: 4000, height: 3000, memory: memory, through: &firmware, waiter: &waiter)
      }
      device.setTransfers(.refused)
      #expect(throws: RAMFramebufferError.self) {
        try screen.change(width: 16, height: 16, memory: memory, through: &firmware, waiter: &waiter)
      }
      #expect(screen.width == 800 && screen.height == 600 && Array(told()[3...]) == [800, 600, 3200])
      screen.draw { canvas in canvas.clear(.white) }
    }
    #expect(memory.buffersLost == 1 && memory.bytesInUse >= 800 * 600 * 4 && heap.violations == [])
  }

  @Test(arguments: [(0, 0), (15, 600), (800, 15), (16_001, 600), (800, 12_001), (.max, .max), (.min, 600)])
  func size_thatCannotBe_isRefused(_ width: Int, _ height: Int) throws {
    addFile()
    #expect(try failure(width, height) == .invalidSize(width: width, height: height))
    #expect(device.operations == [] && memory.buffersInUse == 0)
  }

  @Test(arguments: [0, 3199, 3201, 3202, -4, .max, 1 << 21]) func row_thatCannotBe_isRefused(_ row: Int) throws {
    addFile()
    #expect(try failure(800, 600, row: row) == .invalidRow(byteCount: row, least: 3200))
    #expect(memory.buffersInUse == 0)
  }

  @Test func machineWithoutRamfb_saysSo() throws {
    #expect(try failure(800, 600) == .missing)
    addFile(32)
    #expect(try failure(800, 600) == .wrongFileSize(byteCount: 32))
    #expect(memory.buffersInUse == 0)
  }

  @Test func transfer_refusedOrLate_isAnError() throws {
    addFile()
    device.setTransfers(.refused)
    guard case .firmware(.transferRefused) = try failure(16, 16) else {
      Issue.record("not refused")
      return
    }
    #expect(memory.buffersLost == 0)
    device.setTransfers(.later)
    guard case .firmware(.timedOut) = try failure(16, 16) else {
      Issue.record("not late")
      return
    }
    // Pixels, message and control structure: the machine may still read all of them.
    #expect(memory.buffersLost == 3)
  }
}
