#if os(none)
  import DevicePlatform
  import FirmwareConfiguration

  extension Shell {
    /// The most bytes of a file or a list of tables that the shell reads.
    private var firmwareLimit: Int { 4 << 20 }

    /// Lists the firmware configuration's files, or reads one of them in every way that the device has.
    func firmware(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("firmware [FILE]", 0...1)
      var isFound = true
      do throws(FirmwareError) {
        guard var device = try KernelFirmware.find(memory: memory) else { throw .noSignature(found: 0) }
        if arguments.count == 1 { isFound = try readFile(arguments[0], &device) } else { try listFiles(&device) }
      } catch {
        throw CommandError("firmware: \(error.words)")
      }
      if !isFound { throw CommandError("firmware: FILE '\(arguments[0])', expected one that 'firmware' lists") }
    }

    private func listFiles(_ device: inout KernelFirmware.Device) throws(FirmwareError) {
      say(
        "interface: \(device.interface == .ports ? "ports" : "memory"), \(device.hasDMA ? "with DMA" : "without DMA")")
      for part in BootFile.allCases {
        if let file = try device.bootFile(part) { say("\(file.name), \(file.byteCount) bytes") }
      }
      for file in try device.directory() { say("\(file.name), \(file.byteCount) bytes") }
    }

    /// False when there is no such file.
    private func readFile(_ name: String, _ device: inout KernelFirmware.Device) throws(FirmwareError) -> Bool {
      guard let file = try device.file(named: name) else { return false }
      try describe(try device.contents(of: file, limit: firmwareLimit), "data register")
      if !device.hasDMA { return true }
      var waiter = table.makePollingWaiter()
      try describe(try device.contents(of: file, limit: firmwareLimit, waiter: &waiter), "DMA")
      return true
    }

    private func describe(_ bytes: [UInt8], _ way: String) throws(FirmwareError) {
      var checksum = CRC32()
      if !bytes.isEmpty {
        do throws(DMAError) {
          var buffer = try memory.allocate(byteCount: bytes.count)
          buffer.put(bytes)
          checksum.add(buffer)
        } catch {
          throw .memory(error)
        }
      }
      let digits = String(checksum.value, radix: 16)
      say("\(way): \(bytes.count) bytes, crc32 \(String(repeating: "0", count: 8 - digits.utf8.count))\(digits)")
    }

    /// Lists ACPI tables and SMBIOS structures that the firmware configuration has.
    func tables(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("tables", 0...0)
      do throws(FirmwareError) {
        guard var device = try KernelFirmware.find(memory: memory) else { throw .noSignature(found: 0) }
        var waiter = table.makePollingWaiter()
        for entry in try device.acpiTables(limit: firmwareLimit, waiter: &waiter) {
          say("ACPI \(entry.signature), \(entry.byteCount) bytes")
        }
        for entry in try device.smbiosStructures(limit: firmwareLimit, waiter: &waiter) {
          say("SMBIOS type \(entry.kind), handle \(hex(UInt(entry.handle)))")
        }
      } catch {
        throw CommandError("tables: \(error.words)")
      }
    }
  }
#endif
