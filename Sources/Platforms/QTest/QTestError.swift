// A machine here is made of that module's types: files, monitor, errors. Whoever imports this one has them.
@_exported public import VirtualMachine

/// Why an emulated machine could not be had, or stopped being of use: what can happen to any program that is started.
public typealias QTestError = VirtualMachineError
