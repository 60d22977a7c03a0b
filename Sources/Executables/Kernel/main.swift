// SwiftPM wants this file in an executable. On bare metal the entry is `kernelMain` (Entry.swift).
#if !os(none)
  print("This program is a kernel. It runs on bare metal only.")
#endif
