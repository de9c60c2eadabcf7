internal import CLibISOFS
import LinuxCalls

/// An ``ISOContent`` in the form of an `IsoStream`.
enum ContentStream {
    /// What libisofs carries for the callbacks.
    fileprivate final class Box {
        let content: any ISOContent
        let serial: UInt64

        init(_ content: any ISOContent, _ serial: UInt64) {
            self.content = content
            self.serial = serial
        }
    }

    /// A number of its own among the kinds of file systems that streams come from; libisofs itself has
    /// those below 100 (its `fsource.h`).
    fileprivate static let kind: UInt32 = 0x5350

    /// The functions, which all streams share and none gives back.
    private static let interface = Interface()

    @safe
    private struct Interface: @unchecked Sendable {
        // Safe to share: it is written once, before any stream is made.
        let pointer: UnsafeMutablePointer<IsoStream_Iface>

        init() {
            unsafe pointer = .allocate(capacity: 1)
            unsafe pointer.initialize(to: IsoStream_Iface())
            // Version 1: what filters and clones need is left out.
            unsafe pointer.pointee.version = 1
            unsafe pointer.pointee.type = (0x75, 0x73, 0x65, 0x72)  // “user”
            unsafe pointer.pointee.open = openContent
            unsafe pointer.pointee.close = closeContent
            unsafe pointer.pointee.get_size = sizeOfContent
            unsafe pointer.pointee.read = readContent
            unsafe pointer.pointee.is_repeatable = isContentRepeatable
            unsafe pointer.pointee.get_id = identifyContent
            unsafe pointer.pointee.free = freeContent
            unsafe pointer.pointee.update_size = updateSizeOfContent
        }
    }

    /// Makes a stream with one reference, which the caller has to give away.
    ///
    /// - Parameters:
    ///   - content: What the reading is passed on to; the stream keeps it alive.
    ///   - serial: Tells files with the same content from others: it is written once for each number, in
    ///     the order of the numbers.
    /// - Returns: The stream; `nil` if there is no memory.
    static func make(_ content: any ISOContent, serial: UInt64) -> UnsafeMutablePointer<IsoStream>?
    {
        // libisofs frees it with free().
        guard let memory = unsafe CMemory.zeroed(count: MemoryLayout<IsoStream>.size) else {
            return nil
        }
        let stream = unsafe memory.bindMemory(to: IsoStream.self, capacity: 1)
        unsafe stream.pointee.`class` = interface.pointer
        unsafe stream.pointee.refcount = 1
        unsafe stream.pointee.data = Unmanaged.passRetained(Box(content, serial)).toOpaque()
        return unsafe stream
    }

    fileprivate static func box(_ stream: UnsafeMutablePointer<IsoStream>?) -> Box? {
        guard let data = unsafe stream?.pointee.data else { return nil }
        return unsafe Unmanaged<Box>.fromOpaque(data).takeUnretainedValue()
    }

    /// What libisofs is told if a file can't be read; it then fills with zeros and says so.
    fileprivate static let error = Int32(spindle_isofs_file_error)
}

// The callbacks are functions, not closures: libisofs calls them on threads of its own.

private func openContent(_ stream: UnsafeMutablePointer<IsoStream>?) -> Int32 {
    guard let box = unsafe ContentStream.box(stream), box.content.open() else {
        return ContentStream.error
    }
    return 1
}

private func closeContent(_ stream: UnsafeMutablePointer<IsoStream>?) -> Int32 {
    unsafe ContentStream.box(stream)?.content.close()
    return 1
}

private func sizeOfContent(_ stream: UnsafeMutablePointer<IsoStream>?) -> off_t {
    unsafe off_t(ContentStream.box(stream)?.content.byteCount ?? 0)
}

private func readContent(
    _ stream: UnsafeMutablePointer<IsoStream>?,
    _ buffer: UnsafeMutableRawPointer?,
    _ count: Int
) -> Int32 {
    guard let box = unsafe ContentStream.box(stream), let buffer = unsafe buffer, count > 0 else {
        return ContentStream.error
    }
    let bytes = unsafe UnsafeMutableBufferPointer(
        start: buffer.assumingMemoryBound(to: UInt8.self),
        count: min(count, Int(Int32.max))
    )
    var span = unsafe bytes.mutableSpan
    return box.content.read(into: &span).map { Int32(clamping: $0) } ?? ContentStream.error
}

private func isContentRepeatable(_ stream: UnsafeMutablePointer<IsoStream>?) -> Int32 { 1 }

private func identifyContent(
    _ stream: UnsafeMutablePointer<IsoStream>?,
    _ fileSystem: UnsafeMutablePointer<UInt32>?,
    _ device: UnsafeMutablePointer<dev_t>?,
    _ number: UnsafeMutablePointer<ino_t>?
) {
    unsafe fileSystem?.pointee = ContentStream.kind
    unsafe device?.pointee = 1
    unsafe number?.pointee = ino_t(ContentStream.box(stream)?.serial ?? 0)
}

private func freeContent(_ stream: UnsafeMutablePointer<IsoStream>?) {
    guard let data = unsafe stream?.pointee.data else { return }
    unsafe Unmanaged<ContentStream.Box>.fromOpaque(data).release()
    unsafe stream?.pointee.data = nil
}

private func updateSizeOfContent(_ stream: UnsafeMutablePointer<IsoStream>?) -> Int32 { 1 }
