import DiscFiles
import LibCrypto
import LibISOFS
import LinuxCalls
import Synchronization
import SystemPackage

/// A file whose bytes go into an image; a code of them is made as they are read, which tells later whether the
/// image has the same ones.
final class SourceFile: ISOContent {
    /// Bytes that are read at once.
    private static let pieceSize = 256 << 10

    /// Where it lies.
    let path: FilePath
    /// What the system knew of it when the image was planned.
    let details: FileDetails
    /// Its place in the order of the files, and what tells it from others; set once the tree is complete.
    var serial: UInt64 {
        get { number.withLock { $0 } }
        set { number.withLock { $0 = newValue } }
    }

    private let problems: SourceProblems
    private let number = Mutex<UInt64>(0)

    private struct State: ~Copyable {
        var reading: Reading?
        var code: ReadingCode.Value?
    }

    private let state = Mutex(State())

    init(_ path: FilePath, _ details: FileDetails, _ problems: SourceProblems) {
        self.path = path
        self.details = details
        self.problems = problems
    }

    /// How many bytes it had when the image was planned.
    var byteCount: Int { details.size }

    /// The code of the bytes that were read last, if all of them were.
    var code: ReadingCode.Value? { state.withLock { $0.code } }

    /// The reading of the file, by one thread at a time.
    private final class Reading: @unchecked Sendable {
        // Safe to hand over: it is used under its owner's lock only.
        let file: File
        var buffer: [UInt8]
        var filled = 0
        var used = 0
        var place = 0
        var code: ReadingCode?

        init(_ file: File, _ size: Int) throws {
            self.file = file
            code = try ReadingCode()
            buffer = [UInt8](repeating: 0, count: max(1, min(SourceFile.pieceSize, size)))
        }

        /// Reads the next piece of so many bytes at most.
        func fill(_ most: Int) throws(SystemError) -> Bool {
            used = 0
            // Taken out, so that the bytes have one owner while they are filled.
            var bytes: [UInt8] = []
            swap(&bytes, &buffer)
            defer { swap(&bytes, &buffer) }
            let limit = min(bytes.count, most)
            var span = bytes.mutableSpan
            filled = try file.read(at: place, into: &span, limit: limit)
            guard filled > 0 else { return false }
            place += filled
            code?.update(bytes.span.extracting(..<filled))
            return true
        }
    }

    func open() -> Bool {
        do {
            let file = try File(path, .read, nonBlocking: true)
            let reading = try Reading(file, byteCount)
            guard try FileDetails(file).hasSameContent(as: details) else {
                problems.noteChange(of: path)
                return false
            }
            state.withLock { state in
                state.reading = reading
                state.code = nil
            }
            return true
        } catch {
            problems.note(path, (error as? SystemError)?.reason ?? "\(error)")
            return false
        }
    }

    func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
        guard let reading = state.withLock({ $0.reading }) else { return nil }
        var done = 0
        while done < buffer.count {
            if reading.used == reading.filled {
                let left = byteCount - reading.place
                guard left > 0 else { break }
                do {
                    guard try reading.fill(left) else {
                        problems.noteChange(of: path)
                        return nil
                    }
                } catch {
                    problems.note(path, error.reason)
                    return nil
                }
            }
            let count = min(buffer.count - done, reading.filled - reading.used)
            let bytes = reading.buffer
            Bytes.copy(
                bytes.span.extracting(reading.used..<(reading.used + count)),
                to: &buffer,
                at: done
            )
            reading.used += count
            done += count
        }
        return done
    }

    /// The bytes in any order; who reads all of them from the first to the last one makes their code.
    ///
    /// - Throws: The system's error, or ``SourceTrouble`` if the file has changed.
    func bytes() throws -> any FileBytes {
        let file: File
        do {
            file = try File(path, .read, nonBlocking: true)
            guard try FileDetails(file).hasSameContent(as: details) else {
                problems.noteChange(of: path)
                throw SourceTrouble(problems) ?? SystemError.inputOutput("read")
            }
        } catch let error as SystemError {
            problems.note(path, error.reason)
            throw error
        }
        state.withLock { $0.code = nil }
        return SourceBytes(self, file, try ReadingCode())
    }

    /// Reads bytes for those who have them in any order.
    fileprivate func read(
        _ file: File,
        at offset: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        let limit = max(0, byteCount - offset)
        guard limit > 0, !buffer.isEmpty else { return 0 }
        do {
            let count = try file.read(at: offset, into: &buffer, limit: limit)
            if count > 0 { return count }
        } catch {
            problems.note(path, error.reason)
            throw error
        }
        problems.noteChange(of: path)
        throw SourceTrouble(problems) ?? SystemError.inputOutput("read")
    }

    /// Takes the code of a reading from the first byte to the last one, if the file is still the same.
    fileprivate func finish(_ file: File, _ code: ReadingCode.Value?) {
        guard let after = try? FileDetails(file), after.hasSameContent(as: details) else {
            return problems.noteChange(of: path)
        }
        state.withLock { $0.code = code }
    }

    func close() {
        let reading = state.withLock { state in
            defer { state.reading = nil }
            return state.reading
        }
        guard let reading, reading.place == byteCount else { return }
        finish(reading.file, reading.code.take()?.finish())
    }

    /// Looks whether a file without bytes still has none: nothing else opens it.
    ///
    /// One read is tried, since files that the system makes up, such as those of `/proc`, have bytes and give
    /// their size as 0.
    func checkEmpty() {
        guard let now = try? FileDetails(path, followsLinks: true), now.hasSameContent(as: details)
        else { return problems.noteChange(of: path) }
        do {
            let file = try File(path, .read, nonBlocking: true)
            var byte: [UInt8] = [0]
            var span = byte.mutableSpan
            guard try file.read(at: 0, into: &span) == 0 else {
                return problems.noteChange(of: path)
            }
        } catch {
            problems.note(path, error.reason)
        }
    }
}

/// The bytes of a file of the tree, in any order.
private final class SourceBytes: FileBytes {
    private let source: SourceFile
    private let file: File
    /// `nil` once it is finished.
    private var code: ReadingCode?
    /// The bytes from the first one on that are in the code.
    private var coded = 0

    init(_ source: SourceFile, _ file: File, _ code: consuming ReadingCode) {
        self.source = source
        self.file = file
        self.code = consume code
    }

    var count: Int { source.byteCount }

    func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws -> Int {
        let got = try source.read(file, at: offset, into: &target)
        if offset == coded, got > 0 {
            code?.update(target.span.extracting(..<got))
            coded += got
            if coded == count { source.finish(file, code.take()?.finish()) }
        }
        return got
    }
}
