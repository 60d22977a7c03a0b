public import DeviceManager

extension DriverRegistry where T: ~Copyable {
  /// Registers every driver of this module, each with its usual options; those of a name that is there already are left
  /// out.
  public func registerStandardDrivers() {
    register(GPUDriver())
    register(ConsoleDriver())
    register(BlockDriver())
    register(NetworkDriver())
    register(EntropyDriver())
    register(InputDriver())
  }
}
