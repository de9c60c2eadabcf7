import LinuxCalls
import SystemPackage

/// Samples of 16 bits with their bytes in the other order.
final class SwappedBytes: ByteSource {
    private let base: any ByteSource

    var name: String { base.name }
    var byteCount: Int { base.byteCount }
    var paths: [FilePath] { base.paths }

    init(_ base: any ByteSource) {
        self.base = base
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset % 2 == 0, buffer.count % 2 == 0 else {
            // Someone looks at bytes that are no whole samples.
            let skipped = offset % 2
            var bytes = [UInt8](repeating: 0, count: (skipped + buffer.count + 1) / 2 * 2)
            var span = bytes.mutableSpan
            let got = max(0, try read(at: offset - skipped, into: &span) - skipped)
            let count = min(got, buffer.count)
            for i in 0..<count { buffer[i] = bytes[skipped + i] }
            return count
        }
        let got = try base.read(at: offset, into: &buffer)
        Bytes.withPart(of: &buffer, 0..<got) { Samples.swap(&$0) }
        return got
    }
}
