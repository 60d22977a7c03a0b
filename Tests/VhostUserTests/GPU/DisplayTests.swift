import DevicePlatform
import Testing
import VhostUser
import VirtIO
import VirtIOGPU

/// Displays against back-ends that say anything: what is right is shown, what is wrong is a typed error, and nothing is
/// kept that only was promised.
@Suite(.timeLimit(.minutes(1)))
struct DisplayTests {
  private static let mode = DisplayMode(width: 1280, height: 800)
  private let display = VhostUserDisplay([mode, nil], pixelLimit: 1 << 20)

  /// Until the display has seen what was sent, which a thread of its own may do, too.
  private func failure() -> VhostUserDisplayError? { display.failure }

  @Test func features_areAskedForAndChosen() throws {
    let peer = try DisplayPeer(display)
    peer.send(.getProtocolFeatures)
    let answer = try #require(peer.answer())
    #expect(answer.header == [1, 4, 8] && answer.payload == [1, 0, 0, 0, 0, 0, 0, 0])
    peer.send(.setProtocolFeatures, [1, 0])
    peer.send(.getDisplayInformation)
    #expect(peer.answer()?.header == [3, 4, 408])
    #expect(failure() == nil && display.isConnected)
  }

  @Test func information_isAGPUsAnswer() throws {
    let peer = try DisplayPeer(display)
    peer.send(.getDisplayInformation)
    let payload = try #require(peer.answer()).payload
    let words = (0..<payload.count / 4).map { DisplayPeer.word(payload, 4 * $0) }
    #expect(words[0] == 0x1101 && words[1..<6].allSatisfy { $0 == 0 })
    #expect(words[6..<12] == [0, 0, 1280, 800, 1, 0] && words[12...].allSatisfy { $0 == 0 })
  }

  @Test(arguments: [(1280, 800), (1, 1), (4095, 640), (3840, 2160), (4096, 640), (16_384, 1)])
  func edid_isOneThatTheDriverTakes(width: Int, height: Int) throws {
    display.setMode(DisplayMode(width: width, height: height), ofScanout: 0)
    let peer = try DisplayPeer(display)
    peer.send(.getEDID, [0])
    let answer = try #require(peer.answer())
    #expect(answer.header == [11, 4, 1056] && DisplayPeer.word(answer.payload, 0) == 0x1104)
    #expect(DisplayPeer.word(answer.payload, 24) == 128)
    let edid = try EDID(Array(answer.payload[32..<160]))
    #expect(edid.manufacturer == "VIR" && edid.name == "vhost-user" && edid.version == 1 && edid.revision == 4)
    #expect(edid.year == 2026 && edid.standardTimings.isEmpty)
    // The format has 12 bits for a side.
    if width < 4096 {
      let timing = try #require(edid.preferredTiming)
      #expect(timing.width == width && timing.height == height && (59_000...61_000).contains(timing.millihertz))
    } else {
      #expect(edid.preferredTiming == nil)
    }
    #expect(answer.payload[160...].allSatisfy { $0 == 0 })
  }

  @Test func edidOfADisplayThatIsOff_isEmpty() throws {
    let peer = try DisplayPeer(display)
    peer.send(.getEDID, [1])
    #expect(try DisplayPeer.word(#require(peer.answer()).payload, 24) == 0)
  }

  /// A few bytes each, and pixels by the million: whoever looks waits for some of them, not for all.
  @Test func scanoutsWithoutEnd_doNotHoldUpWhoeverLooks() throws {
    let display = VhostUserDisplay([Self.mode])
    let peer = try DisplayPeer(display)
    let one = DisplayPeer.words([DisplayRequest.setScanout.rawValue, 0, 12, 0, 4096, 4096])
    peer.send([UInt8]((0..<1_000).map { _ in one }.joined()))
    let begin = LinuxClock().now
    _ = display.picture(ofScanout: 0)
    #expect(LinuxClock().now - begin < .seconds(20))
  }

  @Test func picture_isWhatWasSent_byteByByteToo() throws {
    let peer = try DisplayPeer(display)
    peer.send(.setScanout, [1, 3, 2])
    let numbers: [UInt32] = [1, 1, 0, 2, 2, 11, 12, 21, 22]
    for byte in DisplayPeer.words([DisplayRequest.update.rawValue, 0, 36] + numbers) {
      peer.send([byte])
      _ = failure()
    }
    #expect(display.picture(ofScanout: 1)?.pixels == [0, 11, 12, 0, 21, 22])
    #expect(display.picture(ofScanout: 0) == nil && display.updateCount(ofScanout: 1) == 1)
    peer.send(.setScanout, [1, 0, 0])
    #expect(display.picture(ofScanout: 1) == nil && failure() == nil)
  }

  /// Where a back-end's numbers are those of its surface, which is not all shown.
  @Test func updateBeyondThePicture_isCutAndCounted() throws {
    let peer = try DisplayPeer(display)
    peer.send(.update, [0, 0, 0, 1, 1, 9])
    #expect(display.picture(ofScanout: 0) == nil && display.clippedUpdateCount(ofScanout: 0) == 1)
    peer.send(.setScanout, [0, 2, 2])
    peer.send(.update, [0, 1, 1, 2, 2, 1, 2, 3, 4])
    #expect(display.picture(ofScanout: 0)?.pixels == [0, 0, 0, 1])
    peer.send(.update, [0, 0xffff_ffff, 0x8000_0000, 1, 2, 5, 6])
    peer.send(.update, [0, 2, 0, 1, 1, 7])
    peer.send(.update, [0, 0, 0, 0, 0])
    #expect(display.picture(ofScanout: 0)?.pixels == [0, 0, 0, 1])
    #expect(display.clippedUpdateCount(ofScanout: 0) == 4 && display.updateCount(ofScanout: 0) == 5)
    #expect(failure() == nil)
  }

  @Test func cursor_isKept() throws {
    let peer = try DisplayPeer(display)
    peer.send(.updateCursor, [0, 5, 0xffff_fffe, 3, 4] + (0..<4096).map { UInt32($0) })
    var cursor = display.cursor(ofScanout: 0)
    #expect(cursor.isVisible && cursor.x == 5 && cursor.y == -2 && cursor.hotX == 3 && cursor.hotY == 4)
    #expect(cursor.pixels == (0..<4096).map { UInt32($0) })
    peer.send(.hideCursor, [0, 1, 2])
    cursor = display.cursor(ofScanout: 0)
    #expect(!cursor.isVisible && cursor.x == 1)
    peer.send(.moveCursor, [0, 7, 8])
    #expect(display.cursor(ofScanout: 0).isVisible && !display.cursor(ofScanout: 1).isVisible)
  }

  /// A message that breaks the rules, and what it is called.
  struct Offence: Sendable, CustomTestStringConvertible {
    let request: DisplayRequest
    let numbers: [UInt32]
    var byteCount: UInt32?
    let error: VhostUserDisplayError
    var testDescription: String { "\(error)" }
  }

  static let offences: [Offence] = [
    Offence(
      request: .getProtocolFeatures, numbers: [1],
      error: .wrongSize(.getProtocolFeatures, found: 4, expected: 0)),
    Offence(request: .getEDID, numbers: [], error: .wrongSize(.getEDID, found: 0, expected: 4)),
    Offence(request: .getEDID, numbers: [2], error: .scanoutUnknown(.getEDID, index: 2, count: 2)),
    Offence(
      request: .moveCursor, numbers: [0xffff_ffff, 0, 0],
      error: .scanoutUnknown(.moveCursor, index: 0xffff_ffff, count: 2)),
    Offence(
      request: .updateCursor, numbers: [0, 0, 0, 0, 0],
      error: .wrongSize(.updateCursor, found: 20, expected: 16_404)),
    Offence(
      request: .setScanout, numbers: [0, 1, 1], byteCount: 0xffff_ffff,
      error: .wrongSize(.setScanout, found: 0xffff_ffff, expected: 12)),
    Offence(request: .setScanout, numbers: [2, 1, 1], error: .scanoutUnknown(.setScanout, index: 2, count: 2)),
    Offence(
      request: .setScanout, numbers: [0, 16_385, 1],
      error: .tooLarge(.setScanout, width: 16_385, height: 1, pixelLimit: 1 << 20)),
    Offence(
      request: .setScanout, numbers: [0, 1025, 1024],
      error: .tooLarge(.setScanout, width: 1025, height: 1024, pixelLimit: 1 << 20)),
    Offence(request: .update, numbers: [0, 0, 0, 1], error: .wrongSize(.update, found: 16, expected: 20)),
    Offence(request: .update, numbers: [0, 0, 0, 1, 1], error: .wrongSize(.update, found: 20, expected: 24)),
    Offence(
      request: .update, numbers: [0, 0, 0, 1, 1, 5, 6], error: .wrongSize(.update, found: 28, expected: 24)),
    // 4 times the product is 0 in 32 bits, and in 64.
    Offence(
      request: .update, numbers: [0, 0, 0, 0x8000, 0x8000],
      error: .tooLarge(.update, width: 0x8000, height: 0x8000, pixelLimit: 1 << 20)),
    Offence(
      request: .update, numbers: [0, 0, 0, 0x8000_0000, 0x8000_0000],
      error: .tooLarge(.update, width: 0x8000_0000, height: 0x8000_0000, pixelLimit: 1 << 20)),
    Offence(request: .update, numbers: [7, 0, 0, 0, 0], error: .scanoutUnknown(.update, index: 7, count: 2)),
    Offence(request: .setBufferScanout, numbers: [0], error: .unsupported(.setBufferScanout)),
    Offence(request: .updateBuffer, numbers: [0, 0, 0, 1, 1], error: .unsupported(.updateBuffer)),
    Offence(request: .setBufferScanout2, numbers: [0], error: .unsupported(.setBufferScanout2)),
  ]

  /// The display says which it was, keeps its picture, and hangs up.
  @Test(arguments: offences) func offence_isATypedError(_ offence: Offence) throws {
    let peer = try DisplayPeer(display)
    peer.send(.setScanout, [0, 1, 1])
    peer.send(.update, [0, 0, 0, 1, 1, 77])
    peer.send(offence.request, offence.numbers, byteCount: offence.byteCount)
    #expect(failure() == offence.error)
    #expect(display.picture(ofScanout: 0)?.pixels == [77] && !display.isConnected)
    #expect(peer.isLetGo())
    // Heard no more; another one is.
    peer.send(.update, [0, 0, 0, 1, 1, 78])
    #expect(display.picture(ofScanout: 0)?.pixels == [77])
    let next = try DisplayPeer(display)
    #expect(failure() == nil && display.picture(ofScanout: 0) == nil)
    next.send(.setScanout, [0, 1, 1])
    #expect(display.picture(ofScanout: 0)?.pixels == [0])
  }

  @Test(arguments: [0, 13, 0xffff_ffff] as [UInt32]) func unknownRequest_isATypedError(code: UInt32) throws {
    let peer = try DisplayPeer(display)
    peer.send(code, [])
    #expect(failure() == .unknownRequest(code: code) && peer.isLetGo())
  }

  @Test func descriptors_areClosedAndTold() throws {
    let peer = try DisplayPeer(display)
    peer.send(DisplayRequest.setBufferScanout.rawValue, [0, 0, 0, 0], descriptors: [0, 0])
    #expect(failure() == .strayDescriptors(count: 2))
  }

  @Test(arguments: [(1, 12), (11, 12), (12, 24), (23, 24)]) func endInsideAMessage_isTold(
    count: Int, expected: Int
  ) throws {
    let peer = try DisplayPeer(display)
    peer.send(Array(DisplayPeer.words([DisplayRequest.setScanout.rawValue, 0, 12, 0, 1, 1])[..<count]))
    peer.finish()
    #expect(failure() == .cutShort(received: count, expected: expected))
  }

  @Test func endBetweenMessages_isNoOffence() throws {
    let peer = try DisplayPeer(display)
    peer.send(.setScanout, [0, 1, 1])
    peer.finish()
    #expect(failure() == nil && !display.isConnected && display.picture(ofScanout: 0)?.pixels == [0])
  }

  /// Questions without end, whose answers nobody reads: the display does not wait for room.
  @Test func answersThatNobodyReads_endTheConnection() throws {
    let peer = try DisplayPeer(display)
    for _ in 0..<20_000 where display.isConnected { peer.send(.getEDID, [0]) }
    #expect(failure() == .answersNotRead(.getEDID))
  }

  /// What a display finds wrong is the device's failure, for whoever sleeps as well.
  @Test func offence_isTheDevicesFailure() throws {
    let backend = ScriptedBackend(
      { $0.configuration = [UInt8](repeating: 0, count: 16) },
      deed: { request, _ in request == .getQueueCount ? .answer(ScriptedBackend.number(2)) : nil })
    let device = try backend.connect(as: .gpu) { $0.display = display }
    #expect(device.offer.configuration == [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])
    var waiter = device.makeWaiter()
    var gpu = try GPUDevice(device.makeTransport(), waiter: &waiter)
    // Takes the back-end's place, which never looks at a ring, so that the driver waits.
    let peer = try DisplayPeer(display)
    peer.send(99, [])
    let start = ContinuousClock.now
    do throws(GPUError) {
      _ = try gpu.displays(waiter: &waiter, timeout: .seconds(30))
      Issue.record("a GPU that is not there")
    } catch {
      guard case .timedOut(.displayInformation, let status) = error else { throw error }
      #expect(status.contains(.deviceNeedsReset))
    }
    #expect(ContinuousClock.now - start < .seconds(15))
    #expect(device.failure == .display(.unknownRequest(code: 99)))
    #expect(device.failure?.clause == "vhost-user-gpu protocol: Message types")
  }

  @Test func displayThatIsDropped_hangsUp() throws {
    var display: VhostUserDisplay? = VhostUserDisplay([Self.mode])
    let peer = try DisplayPeer(try #require(display))
    display = nil
    #expect(peer.isLetGo())
  }
}
