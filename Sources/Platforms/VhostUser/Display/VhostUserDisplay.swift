import CVhostUser
import DevicePlatform
import Glibc
import Synchronization

/// A display's size in pixels.
public struct DisplayMode: Hashable, Sendable {
  /// 1 to 16 384.
  public let width: Int
  /// 1 to 16 384.
  public let height: Int

  /// A size.
  public init(width: Int, height: Int) {
    let sides = 1...VhostUserDisplay.maximumSide
    precondition(sides ~= width && sides ~= height, "sides from 1 to 16384")
    (self.width, self.height) = (width, height)
  }
}

/// The displays that a GPU behind vhost-user shows its pictures on, one for each of its scanouts.
///
/// Such a GPU is in two parts. The back-end has the queues and the pictures; whoever is in front of it has the displays:
/// what they can show, how many there are, and the event in the configuration that says that they changed. Pictures come
/// over a socket of their own (the protocol's `VHOST_USER_GPU_SET_SOCKET`).
///
///     let display = VhostUserDisplay([DisplayMode(width: 1280, height: 800)])
///     var options = VhostUserOptions()
///     options.display = display
///     let device = try VhostUserDevice(path: "gpu.sock", type: .gpu, options: options)
///     ...                                       // a driver draws and presents
///     display.picture(ofScanout: 0)
///
/// For one device at a time. The back-end is not trusted: lengths, numbers and sizes of its messages are checked before
/// they are used, memory grows with what comes and not with what is promised, and a back-end that breaks the rules is
/// heard no more: `failure`, which is the device's as well. A thread takes its messages, so that it never waits for
/// somebody who looks.
public final class VhostUserDisplay: Sendable {
  /// The longest side of a picture.
  public static let maximumSide = 16_384
  /// What the thread keeps: it must not keep this object.
  private let core = DisplayCore()

  /// Displays that nothing is shown on.
  ///
  /// - Parameters:
  ///   - modes: what each would like to show, nil for one that is off; 1 to 16.
  ///   - pixelLimit: the most pixels of a picture, four bytes each.
  public init(_ modes: [DisplayMode?], pixelLimit: Int = 16 << 20) {
    precondition(1...DisplayAnswer.displayCount ~= modes.count, "1 to 16 displays")
    core.state.withLock { $0 = DisplayState(modes, pixelLimit: pixelLimit) }
  }

  deinit {
    core.state.withLock {
      $0.connection?.end()
      // What is still to be read is nobody's business any more.
      $0.connection = nil
    }
  }

  /// How many displays there are, hence scanouts.
  public var count: Int { core.state.withLock { $0.screens.count } }

  /// What is on a display, after all that the back-end has sent; nil while it shows nothing.
  public func picture(ofScanout index: Int) -> DisplayPicture? { look { $0.screens[index].picture } }
  /// A display's cursor, after all that the back-end has sent.
  public func cursor(ofScanout index: Int) -> DisplayCursor { look { $0.screens[index].cursor } }
  /// How many updates of its picture a display was sent by this back-end.
  public func updateCount(ofScanout index: Int) -> Int { look { $0.screens[index].updateCount } }
  /// How many of them were not all inside the picture: what was outside is left out.
  public func clippedUpdateCount(ofScanout index: Int) -> Int { look { $0.screens[index].clippedUpdateCount } }
  /// Whether a back-end is there.
  public var isConnected: Bool { look { $0.connection != nil } }
  /// What the back-end did wrong; nil while it did nothing. It is heard no more then.
  public var failure: VhostUserDisplayError? { look { $0.failure } }

  /// Gives a display another size, or switches it off: the GPU's configuration says that displays have changed until its
  /// driver clears that.
  public func setMode(_ mode: DisplayMode?, ofScanout index: Int) {
    core.state.withLock {
      $0.screens[index].mode = mode
      $0.events |= DisplayState.displayEvent
    }
  }

  /// `events_read` and `num_scanouts` of the GPU's configuration.
  var configuration: (events: UInt32, scanoutCount: UInt32) {
    core.state.withLock { ($0.events, UInt32($0.screens.count)) }
  }
  /// What the driver wrote to `events_clear`.
  func clear(events: UInt32) { core.state.withLock { $0.events &= ~events } }

  /// A back-end did something wrong. Unlike `failure` this looks at nothing else.
  var hasFailed: Bool { core.hasFailed.load(ordering: .acquiring) }
  /// Signalled when a back-end does something wrong, for whoever sleeps.
  func makeAlarm() throws(VhostUserError) -> EventCounter {
    let alarm = try EventCounter()
    core.alarm.withLock { $0 = alarm }
    return alarm
  }

  private func look<Result>(_ body: (inout DisplayState) -> Result) -> Result {
    core.state.withLock {
      core.takeMessages(&$0)
      return body(&$0)
    }
  }

  /// Begins anew with another back-end.
  ///
  /// - Returns: the end of the connection that is for it. The caller closes that.
  package func connect() throws(VhostUserError) -> Int32 {
    let (ours, theirs) = try DisplayConnection.pair()
    core.state.withLock { $0.begin(ours) }
    core.hasFailed.store(false, ordering: .releasing)
    do throws(VhostUserError) {
      try DisplayThread.start { [core] in core.attend(ours) }
    } catch {
      close(theirs)
      throw error
    }
    return theirs
  }
}

/// What a display and the thread behind it share.
final class DisplayCore: Sendable {
  let state = Mutex(DisplayState([], pixelLimit: 0))
  let hasFailed = Atomic<Bool>(false)
  let alarm = Mutex<EventCounter?>(nil)

  func takeMessages(_ state: inout DisplayState) {
    let before = state.failure
    state.takeMessages()
    guard before == nil, state.failure != nil else { return }
    hasFailed.store(true, ordering: .releasing)
    alarm.withLock { $0?.signal() }
  }

  /// Until this connection ends, or another one takes its place.
  func attend(_ connection: DisplayConnection) {
    var isMine = true
    while isMine {
      connection.waitForMessage()
      isMine = state.withLock {
        guard $0.connection === connection else { return false }
        takeMessages(&$0)
        return $0.connection === connection
      }
    }
  }
}

/// A thread that nobody waits for.
private final class DisplayThread {
  private let body: @Sendable () -> Void

  private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  static func start(_ body: @escaping @Sendable () -> Void) throws(VhostUserError) {
    var thread = pthread_t()
    // Retained here, released by the thread that runs it, or below when there is none.
    let box = unsafe Unmanaged.passRetained(DisplayThread(body))
    let result = unsafe pthread_create(
      &thread, nil,
      { box in
        let thread = unsafe Unmanaged<DisplayThread>.fromOpaque(box.unsafelyUnwrapped).takeRetainedValue()
        thread.body()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      unsafe box.release()
      throw .system(doing: "starting a display's thread", errno: result)
    }
    pthread_detach(thread)
  }
}
