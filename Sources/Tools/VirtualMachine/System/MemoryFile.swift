import CVirtualMachine
import Glibc

/// A file that lives in memory and has no path: nothing to clean up, whatever happens. Serves as disk image, as
/// firmware and as a machine's RAM; a program inherits its descriptor.
public final class MemoryFile: InheritedFile {
  /// The file's descriptor.
  public let descriptor: Int32
  /// The size in bytes when it was made.
  public let byteCount: Int

  /// A file of zeroes.
  public init(byteCount: Int) throws(VirtualMachineError) {
    precondition(byteCount >= 0, "a file has no negative size")
    descriptor = unsafe vm_memory_file("vireo", byteCount)
    self.byteCount = byteCount
    guard descriptor >= 0 else {
      throw .system(doing: "making a memory file of \(byteCount) bytes", errno: -descriptor)
    }
  }

  /// A file with contents.
  public convenience init(contents: [UInt8]) throws(VirtualMachineError) {
    try self.init(byteCount: contents.count)
    try write(contents, at: 0)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The size in bytes as it is now: programs may have made it longer or shorter.
  public func currentByteCount() throws(VirtualMachineError) -> Int {
    var information = stat()
    // A local variable.
    guard unsafe fstat(descriptor, &information) == 0 else {
      throw .system(doing: "asking for the size of a memory file", errno: errno)
    }
    return Int(information.st_size)
  }

  /// Reads from the file as the host's kernel has it; fewer bytes than asked for at its end.
  public func read(at offset: Int, byteCount: Int) throws(VirtualMachineError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    // The buffer is as large as the call is told.
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, offset) }
    guard count >= 0 else { throw .system(doing: "reading a memory file", errno: errno) }
    return Array(bytes.prefix(count))
  }

  /// Writes into the file.
  public func write(_ bytes: [UInt8], at offset: Int) throws(VirtualMachineError) {
    // The buffer is as large as the call is told.
    let count = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, offset) }
    guard count == bytes.count else {
      throw .system(doing: "writing \(bytes.count) bytes to a memory file", errno: errno)
    }
  }
}
