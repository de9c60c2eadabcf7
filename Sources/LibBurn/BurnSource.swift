internal import CLibBurn
internal import LinuxCalls

/// A ``BurnInput`` in the form of a `struct burn_source`.
enum BurnSource {
    /// What libburn carries for the callbacks.
    fileprivate final class Box {
        let input: any BurnInput
        var size: Int
        /// Bytes that are still to be read; what follows them may belong to another track.
        var left: Int

        init(input: any BurnInput, byteCount: Int?) {
            self.input = input
            size = byteCount ?? 0
            left = byteCount ?? .max
        }
    }

    /// Makes a source with one reference, which the caller has to give back.
    ///
    /// - Parameters:
    ///   - input: What libburn's reading is passed on to; the source keeps it alive.
    ///   - byteCount: The bytes that are read of it; absent for all that there are.
    /// - Returns: The source; `nil` if there is no memory.
    static func make(_ input: any BurnInput, byteCount: Int?) -> UnsafeMutablePointer<burn_source>?
    {
        // libburn frees it with free().
        guard let memory = unsafe CMemory.zeroed(count: MemoryLayout<burn_source>.size) else {
            return nil
        }
        let source = unsafe memory.bindMemory(to: burn_source.self, capacity: 1)
        unsafe source.pointee.refcount = 1
        unsafe source.pointee.version = 1
        unsafe source.pointee.read = nil
        unsafe source.pointee.read_xt = readBurnSource
        unsafe source.pointee.get_size = sizeOfBurnSource
        unsafe source.pointee.set_size = setSizeOfBurnSource
        unsafe source.pointee.free_data = freeBurnSource
        unsafe source.pointee.data = Unmanaged.passRetained(
            Box(input: input, byteCount: byteCount)
        ).toOpaque()
        return unsafe source
    }

    fileprivate static func box(_ source: UnsafeMutablePointer<burn_source>?) -> Box? {
        guard let data = unsafe source?.pointee.data else { return nil }
        return unsafe Unmanaged<Box>.fromOpaque(data).takeUnretainedValue()
    }
}

// The callbacks are functions, not closures: libburn calls them on threads of its own.

private func readBurnSource(
    _ source: UnsafeMutablePointer<burn_source>?,
    _ buffer: UnsafeMutablePointer<UInt8>?,
    _ size: Int32
) -> Int32 {
    guard let box = unsafe BurnSource.box(source), let buffer = unsafe buffer, size > 0 else {
        return -1
    }
    let wanted = min(Int(size), box.left)
    let bytes = unsafe UnsafeMutableBufferPointer(start: buffer, count: wanted)
    var span = unsafe bytes.mutableSpan
    guard let delivered = wanted > 0 ? box.input.read(into: &span) : 0 else { return -1 }
    box.left -= delivered
    return Int32(clamping: delivered)
}

private func sizeOfBurnSource(_ source: UnsafeMutablePointer<burn_source>?) -> off_t {
    unsafe off_t(BurnSource.box(source)?.size ?? 0)
}

private func setSizeOfBurnSource(_ source: UnsafeMutablePointer<burn_source>?, _ size: off_t)
    -> Int32
{
    unsafe BurnSource.box(source)?.size = Int(size)
    return 1
}

private func freeBurnSource(_ source: UnsafeMutablePointer<burn_source>?) {
    guard let data = unsafe source?.pointee.data else { return }
    unsafe Unmanaged<BurnSource.Box>.fromOpaque(data).release()
    unsafe source?.pointee.data = nil
}
