// A driver sees the queue's storage types (slot headers, payloads) as a part of this module; it cannot reach the memory.
@_exported public import VirtqueueStorage
