/// A number as `0x1f`, for messages.
func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
