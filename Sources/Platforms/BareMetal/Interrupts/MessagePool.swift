/// Hands out the numbers of a range, each to one holder at a time.
struct MessagePool: Sendable {
  private let first: UInt32
  private var isTaken: [Bool]

  /// A pool of `first ..< first + count`.
  init(first: UInt32, count: Int) {
    self.first = first
    isTaken = Array(repeating: false, count: count)
  }

  /// How many numbers there are, handed out or not.
  var count: Int { isTaken.count }

  /// The lowest number that nobody has; nil when all are out.
  mutating func allocate() -> UInt32? {
    guard let index = isTaken.firstIndex(of: false) else { return nil }
    isTaken[index] = true
    return first + UInt32(index)
  }

  /// Takes a number back; false if it was not out.
  mutating func free(_ number: UInt32) -> Bool {
    guard number >= first, number - first < UInt32(isTaken.count), isTaken[Int(number - first)] else { return false }
    isTaken[Int(number - first)] = false
    return true
  }
}
