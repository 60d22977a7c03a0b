#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import Drawing
  import FirmwareConfiguration
  import StandardDrivers

  /// The machine's screens: which there are, and the text on the first one.
  final class Screens {
    private let manager: DeviceManager
    private let presents: Bool
    private var ramScreen: RAMScreen<MachineRegisters, KernelMemory>?

    /// The screens of devices that are driven, once they are.
    ///
    /// - Parameter presents: test cards are shown, not only drawn.
    init(_ manager: DeviceManager, presents: Bool) {
      self.manager = manager
      self.presents = presents
    }

    /// Displays and their names.
    var displays: [(name: String, display: any DisplayDevice)] {
      var displays: [(name: String, display: any DisplayDevice)] = []
      for entry in manager.entries {
        if case .display(let display)? = entry.role { displays.append((entry.name, display)) }
      }
      return displays
    }

    /// Lets go of what is on no bus.
    ///
    /// - Returns: bytes of memory that are shown for ever, and were not given back.
    func release() -> UInt {
      let shown = UInt(ramScreen?.shownByteCount ?? 0)
      ramScreen = nil
      return shown
    }

    /// Looks for a ramfb, which is on no bus.
    func findRAMScreen(memory: KernelMemory, clock: CounterClock) {
      do throws(FirmwareError) {
        guard let firmware = try KernelFirmware.find(memory: memory) else { return }
        let waiter = DeviceWaiter(WaiterSource(KernelWaiter(polling: clock)))
        guard let screen = try RAMScreen(firmware, memory: memory, waiter: waiter) else { return }
        ramScreen = screen
        manager.add(screen, driver: "ramfb", naming: GPUDriver().naming)
      } catch {
        say("# ramfb: \(error.words)")
      }
    }

    /// Draws a test card on a screen.
    ///
    /// - Parameter format: of its pixels from now on; nil for what they have, or any on a screen that was off.
    func drawCard(
      _ name: String, _ display: any DisplayDevice, _ screen: Int, format: PixelFormat? = nil
    ) throws(DisplayFailure) {
      let old = display.mode(ofScreen: screen)
      let size = old ?? display.preferredMode(ofScreen: screen)
      let mode = DisplayMode(width: size.width, height: size.height, format: format ?? size.format)
      if mode != old { try display.setMode(mode, onScreen: screen) }
      try display.draw(onScreen: screen) { canvas in TestCard.draw(on: &canvas, name: "\(name), screen \(screen)") }
      if presents { try display.present(screen: screen) }
    }

    /// Puts the log on the first screen that somebody may look at.
    func showText() {
      for (name, display) in displays {
        if let complaint = display.complaint { say("# \(name): \(complaint)") }
        for screen in 0..<display.screenCount where display.isConnected(screen: screen) {
          do throws(DisplayFailure) {
            if display.mode(ofScreen: screen) == nil {
              try display.setMode(display.preferredMode(ofScreen: screen), onScreen: screen)
            }
            return terminal.show(on: try DisplayConsole(on: display, screen: screen))
          } catch {
            say("# \(name): screen \(screen): \(error.words)")
          }
        }
      }
      terminal.show(on: nil)
    }
  }
#endif
