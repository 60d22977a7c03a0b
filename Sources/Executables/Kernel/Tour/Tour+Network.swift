#if os(none)
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import NetworkStack

  extension Tour {
    /// Asks for an address by the first network card, and whoever gave it for an echo.
    func checkNetwork() {
      let (address, echo) = ("network: net0 gets an address by DHCP", "network: an echo from the server comes back")
      guard case .network(let interface)? = table.manager.entry(named: "net0")?.role else {
        return report.fail(address, because: "there is no network card")
      }
      do throws(EntropyFailure) {
        let network = try KernelNetwork("net0", interface, table)
        do throws(HostError) {
          let lease = try network.configure()
          report.note("net0: \(lease.address.words) from \(lease.server.words)")
          report.expect(lease.address.isUsable, address)
          _ = try network.ping(lease.server)
          report.expect(true, echo)
        } catch {
          report.fail(network.host.lease == nil ? address : echo, because: error.words)
        }
      } catch {
        report.fail(address, because: error.words)
      }
    }
  }
#endif
