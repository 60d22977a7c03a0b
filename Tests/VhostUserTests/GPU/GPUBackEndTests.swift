import DevicePlatform
import Drawing
import Pictures
import Testing
import VhostUser
import VirtIO
import VirtIOGPU
import VirtualMachine

/// The GPU driver against `vhost-user-gpu`, a second device beside the one in QEMU's machines, whose pictures come to
/// displays of our own: each pixel has to be what was drawn.
@Suite(.timeLimit(.minutes(2)), .enabled(if: !DrawingBackEnd.canSharePictures))
struct GPUBackEndTests {
  private typealias GPU = GPUDevice<VhostUserTransport>

  /// Brings it up, has something done with it, and looks whether everything was given back.
  private func run(
    _ modes: [DisplayMode?] = [DisplayMode(width: 640, height: 480)],
    _ trial: (inout GPUDevice<VhostUserTransport>, inout VhostUserWaiter, DrawingBackEnd) throws -> Void
  ) throws {
    let backEnd = try DrawingBackEnd(modes)
    var waiter = backEnd.device.makeWaiter()
    do {
      var gpu = try GPU(backEnd.device.makeTransport(), waiter: &waiter)
      try trial(&gpu, &waiter, backEnd)
      #expect(gpu.failure == nil && gpu.controlState.counters.falseLengths == 0)
      try gpu.shutDown(waiter: &waiter)
    } catch {
      // The reason before its consequence.
      if let failure = backEnd.device.failure { Issue.record("\(failure)") }
      throw error
    }
    #expect(backEnd.device.failure == nil && backEnd.display.failure == nil)
    #expect(backEnd.device.memory.buffersInUse == 0 && backEnd.device.memory.buffersLost == 0)
  }

  @Test func displays_areThoseOfTheFrontEnd() throws {
    let modes = [DisplayMode(width: 1024, height: 600), nil, DisplayMode(width: 333, height: 77)]
    try run(modes) { gpu, waiter, backEnd in
      #expect(gpu.scanoutCount == 3)
      let displays = try gpu.displays(waiter: &waiter)
      #expect(displays.map(\.isEnabled) == [true, false, true])
      #expect(displays[0].area == Rectangle(x: 0, y: 0, width: 1024, height: 600))
      #expect(displays[2].area == Rectangle(x: 1024, y: 0, width: 333, height: 77))
      #expect(backEnd.display.isConnected)
    }
  }

  /// The program of QEMU 7.2 offers none; a later one asks the display, whose answer the driver has to understand.
  @Test func edid_isTheDisplays() throws {
    try run([DisplayMode(width: 1024, height: 600)]) { gpu, waiter, backEnd in
      guard backEnd.device.features.contains(.GPU.edid) else {
        let error = failure { () throws(GPUError) in _ = try gpu.edid(ofScanout: 0, waiter: &waiter) }
        #expect(error == .notNegotiated(.GPU.edid))
        return
      }
      let edid = try gpu.edid(ofScanout: 0, waiter: &waiter)
      #expect(edid.preferredTiming?.width == 1024 && edid.preferredTiming?.height == 600)
    }
  }

  @Test func bothHeads_showWhatWasDrawn() throws {
    let modes = [DisplayMode(width: 640, height: 480), DisplayMode(width: 640, height: 480)]
    try run(modes) { gpu, waiter, backEnd in
      for head in 0..<2 {
        let surface = try gpu.makeSurface(width: 321 + head, height: 199 - head, waiter: &waiter)
        try gpu.show(surface, onScanout: head, waiter: &waiter)
        try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds, seed: head) }
        try gpu.present(surface, waiter: &waiter)
      }
      for head in 0..<2 {
        let difference = PictureDifference(try backEnd.screen(head), width: 321 + head, height: 199 - head) {
          patternColor($0, $1, seed: head)
        }
        #expect(difference == .none, "head \(head)")
        #expect(backEnd.display.updateCount(ofScanout: head) == 1)
      }
      try gpu.hide(scanout: 1, waiter: &waiter)
      #expect(backEnd.display.picture(ofScanout: 1) == nil && backEnd.display.picture(ofScanout: 0) != nil)
    }
  }

  /// The back-end takes all eight and sends pixels as they lie in the surface's memory, whatever the format, although its
  /// protocol has one: they are looked at in the surface's own.
  @Test(arguments: PixelFormat.allCases) func everyFormat_arrivesPixelByPixel(_ format: PixelFormat) throws {
    try run { gpu, waiter, backEnd in
      for (number, size) in [(61, 37), (1, 1), (640, 3)].enumerated() {
        let surface = try gpu.makeSurface(width: size.0, height: size.1, format: format, waiter: &waiter)
        try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds, seed: number) }
        try gpu.show(surface, onScanout: 0, waiter: &waiter)
        try gpu.present(surface, waiter: &waiter)
        let picture = try #require(backEnd.display.picture(ofScanout: 0))
        let words = picture.pixels.map { PixelFormat.bgrx.pixel(format.color($0)) }
        let screen = Screenshot(width: picture.width, height: picture.height, words: words)
        let difference = PictureDifference(screen, width: size.0, height: size.1) {
          patternColor($0, $1, seed: number)
        }
        #expect(difference == .none, "\(size)")
        try gpu.hide(scanout: 0, waiter: &waiter)
        try gpu.destroy(surface, waiter: &waiter)
      }
    }
  }

  @Test func partialUpdates_changeWhatTheyShould() throws {
    try run { gpu, waiter, backEnd in
      let (width, height) = (203, 101)
      let surface = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
      try gpu.show(surface, onScanout: 0, waiter: &waiter)
      var drawn = DrawnPatterns(width: width, height: height)
      let areas = DrawnPatterns.areas(width: width, height: height)
      for (seed, area) in areas.enumerated() {
        try gpu.draw(on: surface) { canvas in canvas.pattern(area, seed: seed) }
        drawn.draw(area, seed: seed)
        try gpu.present(surface, waiter: &waiter)
        #expect(drawn.difference(from: try backEnd.screen()) == .none, "area \(seed)")
      }
      #expect(backEnd.display.updateCount(ofScanout: 0) == areas.count)
      #expect(backEnd.display.clippedUpdateCount(ofScanout: 0) == 0)
    }
  }

  /// An update is sent whole before the driver is told, also where it is many times what a socket holds.
  @Test func modeChanges_areSeen() throws {
    try run { gpu, waiter, backEnd in
      var old: GPUSurface?
      for (width, height) in [(640, 480), (33, 17), (799, 16), (800, 601), (1, 1)] {
        let surface = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
        try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds, seed: width) }
        try gpu.show(surface, onScanout: 0, waiter: &waiter)
        try gpu.present(surface, waiter: &waiter)
        if let old { try gpu.destroy(old, waiter: &waiter) }
        old = surface
        let difference = PictureDifference(try backEnd.screen(), width: width, height: height) {
          patternColor($0, $1, seed: width)
        }
        #expect(difference == .none, "\(width)x\(height)")
      }
    }
  }

  @Test func cursor_isShownMovedAndHidden() throws {
    let modes = [DisplayMode(width: 640, height: 480), DisplayMode(width: 640, height: 480)]
    try run(modes) { gpu, waiter, backEnd in
      let image = try gpu.makeSurface(width: 64, height: 64, format: .bgra, waiter: &waiter)
      let area = Rectangle(x: 5, y: 9, width: 20, height: 30)
      try gpu.draw(on: image) { canvas in
        canvas.clear(.transparent)
        canvas.pattern(area)
      }
      try gpu.setCursor(image, hotX: 6, hotY: 11, onScanout: 1, x: 100, y: 50, waiter: &waiter)
      try settle(&gpu, &waiter)
      var cursor = backEnd.display.cursor(ofScanout: 1)
      #expect(cursor.isVisible && cursor.x == 100 && cursor.y == 50 && cursor.hotX == 6 && cursor.hotY == 11)
      for y in 0..<64 {
        for x in 0..<64 {
          let isInside = area.contains(Rectangle(x: x, y: y, width: 1, height: 1))
          let expected = isInside ? PixelFormat.bgra.pixel(patternColor(x, y)) : 0
          #expect(cursor.pixels[y * 64 + x] == expected, "\(x), \(y)")
        }
      }
      #expect(!backEnd.display.cursor(ofScanout: 0).isVisible)
      for place in [(7, 8), (-3, 479), (639, -1)] {
        try gpu.moveCursor(onScanout: 1, x: place.0, y: place.1)
        try settle(&gpu, &waiter)
        let moved = backEnd.display.cursor(ofScanout: 1)
        // It stays to be seen, and stays what it was.
        #expect(moved.isVisible && moved.x == Int32(place.0) && moved.y == Int32(place.1))
        #expect(moved.pixels == cursor.pixels)
      }
      // This back-end has no word for it but an image that covers nothing.
      try gpu.hideCursor(onScanout: 1)
      try settle(&gpu, &waiter)
      cursor = backEnd.display.cursor(ofScanout: 1)
      #expect(cursor.pixels.allSatisfy { $0 == 0 })
      try gpu.moveCursor(onScanout: 1, x: 1, y: 1)
      try settle(&gpu, &waiter)
      #expect(!backEnd.display.cursor(ofScanout: 1).isVisible)
    }
  }

  private func settle(_ gpu: inout GPUDevice<VhostUserTransport>, _ waiter: inout VhostUserWaiter) throws {
    let deadline = waiter.now + .seconds(10)
    while gpu.cursorState.inFlight > 0, waiter.now < deadline {
      gpu.poll()
      // Nobody asked for an interrupt.
      waiter.wait(until: waiter.now + .milliseconds(1))
    }
    try #require(gpu.cursorState.inFlight == 0)
  }

  /// The configuration is the back-end's and the displays': num_scanouts, events_read, and what is cleared.
  @Test func displayThatChanges_isToldToTheDriver() throws {
    try run { gpu, waiter, backEnd in
      #expect(try !gpu.takeDisplayEvent())
      for (width, height) in [(800, 600), (1000, 333)] {
        backEnd.display.setMode(DisplayMode(width: width, height: height), ofScanout: 0)
        #expect(try gpu.takeDisplayEvent())
        #expect(try !gpu.takeDisplayEvent(), "told twice")
        let area = try gpu.displays(waiter: &waiter)[0].area
        #expect(area == Rectangle(x: 0, y: 0, width: width, height: height))
      }
      backEnd.display.setMode(nil, ofScanout: 0)
      #expect(try gpu.takeDisplayEvent())
      #expect(try !gpu.displays(waiter: &waiter)[0].isEnabled)
    }
  }

  /// Does all but one thing.
  enum Fault: CaseIterable { case noTransfer, noFlush, noScanout, oneColumnShort, none }

  /// Drivers that forget something: each must fail the comparison.
  @Test(arguments: Fault.allCases) func brokenDriver_isSeen(_ fault: Fault) throws {
    try run { gpu, waiter, backEnd in
      let (width, height) = (64, 48)
      let surface = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
      // Something else is on the display before.
      let other = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
      try gpu.show(other, onScanout: 0, waiter: &waiter)
      if fault != .noScanout { try gpu.show(surface, onScanout: 0, waiter: &waiter) }
      try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds) }
      let area = Rectangle(x: 0, y: 0, width: fault == .oneColumnShort ? 63 : 64, height: height)
      var last: GPUFence?
      if fault != .noTransfer { last = try gpu.startTransfer(surface, area) }
      if fault != .noFlush { last = try gpu.startFlush(surface, area) }
      try gpu.wait(for: try #require(last), waiter: &waiter)
      let difference = PictureDifference(try backEnd.screen(), width: width, height: height) { patternColor($0, $1) }
      if fault == .none { #expect(difference == .none) } else { #expect(difference != .none) }
    }
  }

  private func failure(_ body: () throws(GPUError) -> Void) -> GPUError? {
    do throws(GPUError) {
      try body()
      return nil
    } catch { return error }
  }
}
