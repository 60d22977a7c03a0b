#if os(none)
  import OutsideDriver

  /// Memory balloons: devices whose driver is no part of the package. It is registered when the command line asks for it
  /// (`vireo.outside=1`), as any kernel registers drivers of its own.
  final class Balloons: BalloonUser {
    /// Those that were brought up, in the order of their names.
    private(set) var all: [any BalloonOperations] = []

    func use(_ balloon: any BalloonOperations) { all.append(balloon) }

    /// Lets go of them.
    func removeAll() { all = [] }
  }
#endif
