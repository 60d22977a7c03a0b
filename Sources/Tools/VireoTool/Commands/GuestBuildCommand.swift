// `vireo guest build`

enum GuestBuildCommand {
  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: "vireo guest build [--strict]")
    var build = KernelBuild.Mode.usual
    while let option = rest.next() {
      guard option == "--strict" else { throw rest.unknown(option) }
      build = .strict
    }
    let package = try PackageFolder.current()
    try KernelBuild.run(Architecture.allCases, in: package, build)
    return 0
  }
}
