import DeviceManager
import DevicePlatform
import DeviceTraits
import Drawing
import FirmwareConfiguration
import StandardDrivers
import Testing
import VirtIO
import VirtIOTestSupport

/// Displays by their trait: GPUs on both transports, and ramfb.
@Suite struct DisplayTests {
  let computer = Computer()
  let models: [GPUModel]
  let disk = BlockModel(sectors: 8)

  init() throws {
    models = [GPUModel(scanouts: 2, heap: computer.heap), GPUModel(heap: computer.heap)]
    models[0].displays[1] = [640, 0, 320, 200, 1]
    // Between them a disk: displays come first all the same.
    try computer.start([disk.makeDevice(heap: computer.heap), models[0].device, models[1].device])
  }

  private func word(_ color: Color) -> UInt32 { PixelFormat.bgrx.pixel(color) }

  @Test func displays_haveNamesAndScreens_andComeFirst() {
    #expect(computer.manager.entries.map(\.name) == ["display0", "display1", "vda"])
    #expect(computer.manager.displayDevices.map(\.screenCount).sorted() == [1, 2])
    #expect(computer.violations == [])
  }

  @Test func screens_showWhatIsDrawnOnThem() throws {
    for display in computer.manager.displayDevices {
      let model = try #require(models.first { $0.scanouts.count == display.screenCount })
      for screen in 0..<display.screenCount {
        #expect(display.mode(ofScreen: screen) == nil && display.isConnected(screen: screen))
        #expect(throws: DisplayFailure.off(screen: screen)) { try display.draw(onScreen: screen) { _ in } }
        let mode = display.preferredMode(ofScreen: screen)
        #expect(mode == (screen == 0 ? DisplayMode(width: 1280, height: 800) : DisplayMode(width: 320, height: 200)))
        try display.setMode(mode, onScreen: screen)
        #expect(display.mode(ofScreen: screen) == mode && model.pixel(5, 6, scanout: screen) == 0)
        let color = Color(UInt32(0x10_2030 + screen))
        try display.draw(onScreen: screen) { canvas in canvas.set(x: 5, y: 6, to: color) }
        #expect(model.pixel(5, 6, scanout: screen) == 0)
        try display.present(screen: screen)
        #expect(model.pixel(5, 6, scanout: screen) == word(color))
      }
      let count = display.screenCount
      #expect(throws: DisplayFailure.noScreen(count, count: count)) { try display.present(screen: count) }
      #expect(throws: DisplayFailure.noScreen(-1, count: count)) { try display.setMode(.fallback, onScreen: -1) }
      #expect(display.mode(ofScreen: count) == nil && !display.isConnected(screen: count))
    }
    #expect(computer.violations == [])
  }

  @Test func modeThatDoesNotFit_leavesTheOldOne() throws {
    let display = try #require(computer.manager.displayDevices.first { $0.screenCount == 1 })
    let mode = DisplayMode(width: 40, height: 30)
    try display.setMode(mode, onScreen: 0)
    let used = computer.memory.bytesInUse
    models[1].memoryLimit = 40 * 30 * 4
    let modes = [
      DisplayMode(width: 0, height: 0), DisplayMode(width: .max, height: 2), DisplayMode(width: 64, height: 64),
    ]
    for other in modes {
      #expect(throws: DisplayFailure.self, "\(other.words)") { try display.setMode(other, onScreen: 0) }
      #expect(display.mode(ofScreen: 0) == mode && computer.memory.bytesInUse == used)
    }
    try display.draw(onScreen: 0) { canvas in canvas.clear(.white) }
    try display.present(screen: 0)
    #expect(models[1].pixel(39, 29) == 0xff_ffff)
    models[1].memoryLimit = .max
    try display.setMode(DisplayMode(width: 64, height: 64), onScreen: 0)
    #expect(models[1].resources.count == 1 && models[1].pixel(63, 63) == 0)
    #expect(computer.violations == [])
  }

  @Test func windowThatIsPulledLarger_isTold() throws {
    let display = try #require(computer.manager.displayDevices.first { $0.screenCount == 1 })
    #expect(!display.takeChange())
    models[1].displays[0] = [0, 0, 999, 555, 1]
    models[1].raiseDisplayEvent()
    #expect(display.takeChange() && !display.takeChange())
    #expect(display.preferredMode(ofScreen: 0) == DisplayMode(width: 999, height: 555))
  }

  @Test func sizeThatNoScreenHas_isToldInWords() throws {
    let display = try #require(computer.manager.displayDevices.first { $0.screenCount == 1 })
    let mode = display.preferredMode(ofScreen: 0)
    #expect(display.complaint == nil)
    models[1].displays[0] = [0, 0, 0, 7, 1]
    models[1].raiseDisplayEvent()
    #expect(display.takeChange())
    #expect(display.complaint == "display 0 is enabled with 0x7, expected sides from 1 to 16384")
    #expect(display.preferredMode(ofScreen: 0) == mode)
    models[1].displays[0] = [0, 0, 999, 555, 1]
    models[1].raiseDisplayEvent()
    #expect(display.takeChange())
    #expect(display.complaint == nil && display.preferredMode(ofScreen: 0).width == 999)
  }

  @Test func emergency_isSeenWhenPresented() throws {
    let display = try #require(computer.manager.displayDevices.first { $0.screenCount == 1 })
    #expect(!display.drawInEmergency(onScreen: 0, presents: true) { _ in })
    try display.setMode(DisplayMode(width: 40, height: 30), onScreen: 0)
    #expect(!display.drawInEmergency(onScreen: 1, presents: true) { _ in })
    let color = Color(0x10_2030)
    #expect(display.drawInEmergency(onScreen: 0, presents: false) { canvas in canvas.set(x: 1, y: 2, to: color) })
    #expect(models[1].pixel(1, 2) == 0)
    #expect(display.drawInEmergency(onScreen: 0, presents: true) { canvas in canvas.set(x: 3, y: 4, to: color) })
    #expect(models[1].pixel(1, 2) == word(color) && models[1].pixel(3, 4) == word(color))
    #expect(computer.violations == [])
  }

  /// Within a second, and then never again: each line of a report would wait anew.
  @Test func emergencyOnASilentDevice_isGivenUp() throws {
    let display = try #require(computer.manager.displayDevices.first { $0.screenCount == 1 })
    try display.setMode(DisplayMode(width: 40, height: 30), onScreen: 0)
    models[1].device.setManual(true, queue: 0)
    var drawings = 0
    for _ in 0..<3 {
      #expect(
        !display.drawInEmergency(onScreen: 0, presents: true) { canvas in
          drawings += 1
          canvas.clear(.white)
        })
    }
    #expect(drawings == 1 && models[1].pixel(0, 0) == 0)
  }

  @Test func emergencyInTheMiddleOfDrawing_isRefused() throws {
    for display in computer.manager.displayDevices {
      try display.setMode(DisplayMode(width: 40, height: 30), onScreen: 0)
      var isTaken: Bool?
      try display.draw(onScreen: 0) { _ in
        isTaken = display.drawInEmergency(onScreen: 0, presents: true) { canvas in canvas.clear(.white) }
      }
      #expect(isTaken == false)
      #expect(display.drawInEmergency(onScreen: 0, presents: true) { canvas in canvas.clear(.white) })
    }
  }

  @Test func everythingReleased_givesAllMemoryBack() throws {
    let displays = computer.manager.displayDevices
    for display in displays { try display.setMode(.fallback, onScreen: 0) }
    computer.manager.releaseAll()
    #expect(throws: DisplayFailure.self) { try displays[0].present(screen: 0) }
    #expect(!displays[0].drawInEmergency(onScreen: 0, presents: true) { _ in })
    #expect(throws: DisplayFailure.self) { try displays[1].setMode(.fallback, onScreen: 0) }
  }
}

/// ramfb behind the same trait.
@Suite struct RAMScreenTests {
  typealias Firmware = FirmwareDevice<ScriptedFirmwareRegisters, TestMemory>
  typealias Screen = RAMScreen<ScriptedFirmwareRegisters, TestMemory>

  let heap = DeviceHeap()
  let memory: TestMemory
  let device: ScriptedFirmware

  init() {
    memory = TestMemory(heap: heap)
    device = ScriptedFirmware(heap: heap)
    device.setItem(1, [3, 0, 0, 0])
  }

  private func open() throws(FirmwareError) -> Screen? {
    try Screen(
      try Firmware(device.registers(isPortMapped: false), interface: .memory, memory: memory), memory: memory,
      waiter: PollingSlot().polling)
  }

  @Test func machineWithoutRamfb_hasNoScreen() throws {
    device.addFile("etc/other", number: 0x29, [0])
    let screen = try open()
    #expect(screen == nil)
  }

  @Test func screen_showsWhatIsDrawn() throws {
    device.addFile("etc/ramfb", number: 0x2a, [UInt8](repeating: 0, count: 28), isWritable: true)
    let screen: any DisplayDevice = try #require(try open())
    #expect(screen.screenCount == 1 && screen.mode(ofScreen: 0) == nil && screen.isConnected(screen: 0))
    #expect(throws: DisplayFailure.off(screen: 0)) { try screen.present(screen: 0) }
    let mode = DisplayMode(width: 64, height: 48)
    try screen.setMode(mode, onScreen: 0)
    #expect(screen.mode(ofScreen: 0) == mode)
    try screen.draw(onScreen: 0) { canvas in canvas.set(x: 3, y: 2, to: Color(0x12_3456)) }
    try screen.present(screen: 0)
    let file = try #require(device.item(0x2a))
    let address = file[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    #expect(try heap.read(address + UInt64(4 * (2 * 64 + 3)), byteCount: 4) == [0x56, 0x34, 0x12, 0])
    for other in [
      DisplayMode(width: 15, height: 48), DisplayMode(width: 64, height: 12_001),
      DisplayMode(width: 64, height: 48, format: .rgba),
    ] {
      #expect(throws: DisplayFailure.self) { try screen.setMode(other, onScreen: 0) }
      #expect(screen.mode(ofScreen: 0) == mode)
    }
    #expect(throws: DisplayFailure.noScreen(1, count: 1)) { try screen.draw(onScreen: 1) { _ in } }
    var isTaken: Bool?
    try screen.draw(onScreen: 0) { _ in isTaken = screen.drawInEmergency(onScreen: 0, presents: true) { _ in } }
    #expect(isTaken == false && !screen.drawInEmergency(onScreen: 1, presents: true) { _ in })
    #expect(
      screen.drawInEmergency(onScreen: 0, presents: true) { canvas in canvas.set(x: 3, y: 2, to: Color(0x78_9abc)) })
    #expect(try heap.read(address + UInt64(4 * (2 * 64 + 3)), byteCount: 4) == [0xbc, 0x9a, 0x78, 0])
    for format in screen.formats { try screen.setMode(DisplayMode(width: 64, height: 48, format: format), onScreen: 0) }
    #expect(screen.formats == [.bgrx, .bgra])
  }

  @Test func screen_isADisplayOfTheMachine() throws {
    device.addFile("etc/ramfb", number: 0x2a, [UInt8](repeating: 0, count: 28), isWritable: true)
    let manager = DeviceManager(log: LineLog())
    #expect(manager.add(try #require(try open()), driver: "ramfb", naming: GPUDriver().naming) == "display0")
    #expect(manager.displayDevices.count == 1 && manager.entries[0].location == "ramfb")
  }

  @Test func screenThatWasGivenUp_keepsItsMemory() throws {
    device.addFile("etc/ramfb", number: 0x2a, [UInt8](repeating: 0, count: 28), isWritable: true)
    do {
      let screen = try #require(try open())
      #expect(screen.shutDown() == nil)
    }
    do {
      let screen = try #require(try open())
      try screen.setMode(.fallback, onScreen: 0)
      #expect(screen.shutDown() != nil)
      #expect(throws: DisplayFailure.self) { try screen.present(screen: 0) }
    }
    #expect(memory.buffersLost == 1 && memory.bytesInUse >= 4 * 1024 * 768)
  }
}
