public import InputEvents

/// Puts events together to frames, and frames of motion to one.
@frozen
@usableFromInline
struct FrameAssembly {
  /// Events since the last end of a frame; or a whole frame that was not handed over.
  @usableFromInline var frame = InputFrame()
  /// It is whole.
  @usableFromInline var isWhole = false
  /// The device said that the rest of this frame is worth nothing.
  @usableFromInline var isDropping = false
  /// Events of the longest frame so far, its end among them; at first those of a pointer's motion.
  @usableFromInline var longest = 3
  /// Frames of motion that wait become one.
  @usableFromInline let joinsMotion: Bool
  /// Events that were ignored.
  @usableFromInline var ignoredCount: UInt64 = 0
  @usableFromInline var lastFault: InputEventFault?
  @usableFromInline var overrunCount: UInt64 = 0

  init(joinsMotion: Bool) { self.joinsMotion = joinsMotion }

  /// Takes one event in.
  ///
  /// SPEC: drivernormative:Device Types / Input Device / Device Operation
  @inlinable
  mutating func add(_ event: InputEvent) {
    if event.isReport {
      isDropping = false
      // An empty frame tells nothing.
      if frame.count == 0, !frame.isOverrun { return }
      longest = max(longest, frame.count &+ 1)
      frame.frameCount = 1
      isWhole = true
    } else if isDropping {
      return
    } else if event.type.rawValue != 0, event.isKnown, frame.append(event) {
      return
    } else {
      addOther(event)
    }
  }

  /// What is no ordinary event.
  @usableFromInline
  mutating func addOther(_ event: InputEvent) {
    if event.isDropped {
      // What came of this frame is worth nothing, nor is its rest.
      frame.clear()
      noteOverrun()
      isDropping = true
    } else if event.type != .synchronization, event.isKnown {
      ignore(.frameTooLong(limit: InputFrame.limit))
      frame.isOverrun = true
    } else {
      ignore(.unknown(event))
    }
  }

  /// Hands a whole frame over, alone or joined with what is there.
  ///
  /// - Returns: true when nothing more can be joined: hand `other` out. The frame may have been kept for the next call.
  @inlinable
  mutating func handOver(to other: inout InputFrame) -> Bool {
    if other.frameCount == 0 {
      other.copy(frame)
    } else if !(frame.isMotion && other.merge(frame)) {
      return true
    }
    frame.clear()
    isWhole = false
    return !(joinsMotion && other.isMotion)
  }

  /// Events were lost, or may have been, in front of the next one.
  @usableFromInline
  mutating func noteOverrun() {
    overrunCount &+= 1
    frame.isOverrun = true
  }

  @usableFromInline
  mutating func ignore(_ fault: InputEventFault) {
    ignoredCount &+= 1
    lastFault = fault
  }
}
