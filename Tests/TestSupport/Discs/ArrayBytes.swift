package import DiscImages
import LinuxCalls
import SystemPackage

/// Bytes of a file that is in no file system.
package final class ArrayBytes: ByteSource {
    package let name = "image"
    package var byteCount: Int { bytes.count }
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset < bytes.count else { return 0 }
        let bytes = bytes
        let count = min(buffer.count, bytes.count - offset)
        Bytes.copy(bytes.span.extracting(offset..<(offset + count)), to: &buffer, at: 0)
        return count
    }
}

extension ImageFile {
    package init(_ bytes: [UInt8]) {
        self.init(FilePath("/nowhere/image"), bytes: ArrayBytes(bytes))
    }
}
