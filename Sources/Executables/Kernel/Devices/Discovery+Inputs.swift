#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import PS2
  import StandardDrivers

  extension Discovery {
    /// Has the terminal take what keyboards type; those of a PC among them.
    func findInputs() {
      #if arch(x86_64)
        findKeyboardController()
      #endif
      terminal.attach(KernelInputs(table.manager, options.keys, clock: table.clock))
    }

    #if arch(x86_64)
      /// A PC's keyboard and mouse. They are on no bus, and found behind all that are.
      private func findKeyboardController() {
        typealias Controller = PS2Controller<PortRegisters>
        // The kernel runs in ring 0. Where there is no controller, ports read as ones.
        let ports = unsafe PortRegisters(unsafePort: 0x60, byteCount: Controller.portCount)
        var waiter = table.makePollingWaiter()
        do throws(PS2Error) {
          let desk = PS2Desk(try Controller(ports, waiter: &waiter), place: "ports 0x60", waiter: waiter)
          if let keyboard = desk.keyboard { add(keyboard) }
          if let mouse = desk.mouse { add(mouse) }
        } catch {
          if error != .absent { report.note("ports 0x60: \(error.words)") }
        }
      }

      private func add(_ device: any DrivenDevice) {
        let name = table.manager.add(device, driver: "ps2", naming: InputDriver().naming)
        report.note("\(device.location): \(device.role.name) device \(name), polled")
      }
    #endif
  }
#endif
