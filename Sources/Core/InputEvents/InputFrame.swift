/// Events that belong together: what happened at one moment. Kept by the caller and filled again and again; it lies where
/// it is declared, and allocates nothing.
@frozen
public struct InputFrame: Sendable, RandomAccessCollection {
  @usableFromInline var events: InlineArray<64, InputEvent>
  @usableFromInline var held = 0
  /// Events may have been lost before this frame, or in it. The device cannot be asked what is pressed now: forget what
  /// was.
  public var isOverrun = false
  /// How many frames of the device this is; more than one where motion was put together. 0 for a frame that is not
  /// complete.
  public var frameCount = 0

  /// The most events of a frame.
  @inlinable public static var limit: Int { 64 }

  /// An empty frame.
  @inlinable
  public init() { events = InlineArray(repeating: InputEvent(.synchronization, code: 0, value: 0)) }

  /// How many events there are, the mark of the frame's end not among them.
  @inlinable public var count: Int { held }
  /// 0.
  @inlinable public var startIndex: Int { 0 }
  /// `count`.
  @inlinable public var endIndex: Int { held }

  /// An event, in the order in which they came.
  @inlinable
  public subscript(index: Int) -> InputEvent {
    precondition(index >= 0 && index < count, "an event of a frame")
    return events[index]
  }

  /// Makes it empty.
  @inlinable
  public mutating func clear() {
    held = 0
    isOverrun = false
    frameCount = 0
  }

  /// Adds an event.
  ///
  /// - Returns: false, with nothing changed, when there is no room.
  @inlinable
  public mutating func append(_ event: InputEvent) -> Bool {
    guard held < Self.limit else { return false }
    events[held] = event
    held &+= 1
    return true
  }

  /// Makes it a copy of another one: of the events that there are.
  @inlinable
  public mutating func copy(_ other: borrowing InputFrame) {
    let count = other.count
    for index in 0..<count { events[index] = other.events[index] }
    held = count
    isOverrun = other.isOverrun
    frameCount = other.frameCount
  }

  /// It has motion and nothing else, and nothing was lost.
  @inlinable
  public var isMotion: Bool {
    if count == 0 || isOverrun { return false }
    for index in 0..<count where !events[index].isMotion { return false }
    return true
  }

  /// Joins another frame of motion to this one: distances are added up, places replaced.
  ///
  /// - Returns: false, with nothing changed, when there is no room.
  @inlinable
  public mutating func merge(_ other: borrowing InputFrame) -> Bool {
    var fresh = 0
    for index in 0..<other.count where place(like: other.events[index]) == nil { fresh &+= 1 }
    guard count &+ fresh <= Self.limit else { return false }
    for index in 0..<other.count {
      let event = other.events[index]
      guard let place = place(like: event) else {
        events[held] = event
        held &+= 1
        continue
      }
      if event.type.rawValue == 2 {
        let (sum, overflow) = events[place].value.addingReportingOverflow(event.value)
        events[place].value = overflow ? (event.value > 0 ? .max : .min) : sum
      } else {
        events[place].value = event.value
      }
    }
    frameCount &+= other.frameCount
    return true
  }

  @usableFromInline
  func place(like event: InputEvent) -> Int? {
    for index in 0..<count where events[index].isSame(as: event) { return index }
    return nil
  }
}
