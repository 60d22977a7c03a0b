#if os(none)
  public import CBareMetal

  /// What happens on exceptions, and on interrupts that nobody started (`Interrupts`): a handler of the kernel's, if it
  /// installed one, else a report and the end of the machine.
  public enum Exceptions {
    // Single-threaded: one processor, and each handler runs to its end or ends the machine. Constant initialisers, so
    // that no access ever waits for another that it interrupted.
    nonisolated(unsafe) private static var handler: (@Sendable (ExceptionFrame) -> Bool)? = nil
    nonisolated(unsafe) private static var mirror: (@Sendable (UInt8) -> Void)? = nil
    nonisolated(unsafe) private static var end: (@Sendable () -> Void)? = nil
    nonisolated(unsafe) private static var isHandling = false
    nonisolated(unsafe) private static var reports = 0

    /// Has `handler` called for every exception. It returns true when it dealt with it: the interrupted
    /// code continues at the frame's `pc`. It must not allocate, and must not touch what it may have interrupted. An
    /// exception inside the handler is not offered to it again, but reported.
    public static func handle(with handler: (@Sendable (ExceptionFrame) -> Bool)?) { unsafe self.handler = handler }

    /// Has each byte of a report go to `mirror`, too, after the serial line has it. It must not allocate, and must not touch
    /// what may have been interrupted; an exception inside it ends the mirroring.
    public static func mirror(to mirror: (@Sendable (UInt8) -> Void)?) { unsafe self.mirror = mirror }

    /// Has `end` called when a report is out, before the machine ends. Rules are as for `mirror`.
    public static func atEnd(_ end: (@Sendable () -> Void)?) { unsafe self.end = end }

    static func dispatch(_ frame: ExceptionFrame) {
      if unsafe !isHandling, let handler = unsafe handler {
        unsafe isHandling = true
        let isHandled = handler(frame)
        unsafe isHandling = false
        if isHandled { return }
      }
      // Whatever happens from here on is not the handler's business any more.
      unsafe isHandling = true
      unsafe reports += 1
      switch unsafe reports {
      case 1: report(frame, "# exception: ")
      case 2: report(frame, "# exception while reporting: ")
      case 3: break
      default: vireo_halt()  // even leaving fails
      }
      let end = unsafe self.end
      unsafe self.end = nil
      end?()
      Machine.exit(.exception)
    }

    /// Allocates nothing and uses only the serial line: the heap may be what is broken.
    private static func report(_ frame: ExceptionFrame, _ opening: StaticString) {
      let console = ReportConsole(port: Machine.console, mirror: unsafe mirror)
      // Until the report is out: an exception inside the mirror is reported without it.
      unsafe mirror = nil
      let cause = frame.cause
      // The interrupted code may have been in the middle of a line.
      console.write(10)
      console.write(opening)
      console.write(cause.words)
      console.write(", pc ")
      console.write(hexadecimal: frame.pc)
      console.write(", fault address ")
      console.write(hexadecimal: cause.faultAddress ?? 0)
      console.write(10)
      frame.writeRegisters(to: console)
    }
  }

  /// Called by the vectors of CBareMetal with what they saved.
  @c(vireo_exception)
  public func enterException(_ frame: UnsafeMutablePointer<vireo_exception_frame>) {
    // The frame lives on the exception's stack until this returns.
    unsafe Exceptions.dispatch(ExceptionFrame(unsafe: frame))
  }
#endif
