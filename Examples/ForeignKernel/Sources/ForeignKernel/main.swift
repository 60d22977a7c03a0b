import Machine

// The boot code calls this.
func start() -> Never {
  var kernel = Kernel()
  machine_exit(kernel.run().rawValue)
}

start()
