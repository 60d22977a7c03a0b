public import VirtIO

extension BlockDevice where T: ~Copyable {
  /// Reads the configuration again: after `.configurationChanged`, for the disk may have a new size.
  ///
  /// Requests in flight are not touched; those beyond a smaller disk's end fail as the device sees fit.
  ///
  /// - Returns: whether anything changed.
  /// - Throws: when the configuration cannot be read or says what cannot be; the old one stays in force.
  @discardableResult
  public mutating func refreshGeometry() throws(ConfigurationError) -> Bool {
    let fresh = try BlockGeometry(transport, features: features)
    if fresh == geometry { return false }
    geometry = fresh
    return true
  }
}
