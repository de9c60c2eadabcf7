import LinuxCalls
import SystemPackage

/// The bytes of a sparse bundle; what no band has is zeros.
final class SparseBundleBytes: ByteSource {
    let name: String
    let byteCount: Int
    private let folder: FilePath
    private let band: Int
    private var current: (index: Int, file: FileBytes?)?

    init(_ folder: FilePath, _ name: String, band: Int, byteCount: Int) {
        self.folder = folder
        self.name = name
        self.band = band
        self.byteCount = byteCount
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        let wanted = min(buffer.count, byteCount - offset)
        var done = 0
        while done < wanted {
            let place = (offset + done) % band
            let count = min(band - place, wanted - done)
            var part = buffer._mutatingExtracting(done..<(done + count))
            let got = try file((offset + done) / band)?.read(at: place, into: &part) ?? 0
            Bytes.fill(&buffer, (done + got)..<(done + count), with: 0)
            done += count
        }
        return done
    }

    /// A band's file, whose name is its number in hexadecimal digits.
    private func file(_ index: Int) throws -> FileBytes? {
        if let current, current.index == index { return current.file }
        let path = folder.appending(String(index, radix: 16))
        let file = FileSystem.exists(path) ? try FileBytes(path) : nil
        current = (index, file)
        return file
    }
}
