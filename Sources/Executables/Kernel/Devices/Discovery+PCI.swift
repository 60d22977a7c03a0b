#if os(none)
  extension Discovery {
    /// - Returns: whether there is a PCI bus.
    @discardableResult
    mutating func findOnPCI() -> Bool { false }
  }
#endif
