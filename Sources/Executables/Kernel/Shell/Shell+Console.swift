#if os(none)
  import DeviceManager
  import DeviceTraits

  extension Shell {
    /// Writes a line to a console.
    func print(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("print NAME WORD...", 2...256)
      guard case .console(let console)? = table.manager.entry(named: arguments[0])?.role else {
        throw CommandError("print: NAME '\(arguments[0])', expected a console that 'devices' lists")
      }
      var bytes: [UInt8] = []
      for index in 1..<arguments.count {
        if index > 1 { bytes.append(32) }
        bytes += arguments[index].utf8
      }
      bytes.append(10)
      do throws(ConsoleFailure) {
        try console.write(bytes.span)
      } catch {
        throw CommandError("print: \(arguments[0]): \(error.words)")
      }
    }
  }
#endif
