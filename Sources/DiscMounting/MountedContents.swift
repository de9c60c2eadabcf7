import DiscFiles
import DiscModel
import LibFUSE
public import LinuxCalls
public import Transfer

/// Where the bytes of a mounted disc's files come from.
public struct MountedContents {
    /// The data of the disc from address 0 on.
    var source: any SectorSource
    /// The disc with its audio.
    var disc: any DiscSource
    /// The bytes of a file that are the data from address 0 on; `nil` if they are not kept so.
    var plain: FileRange?

    /// Names the places.
    ///
    /// - Parameters:
    ///   - source: The data of the disc from address 0 on.
    ///   - disc: The disc with its audio.
    ///   - plain: The bytes of a file that are the data from address 0 on; `nil` if they are not kept so.
    public init(source: any SectorSource, disc: any DiscSource, plain: FileRange?) {
        self.source = source
        self.disc = disc
        self.plain = plain
    }
}

/// Reads what has to be unpacked, put together or asked of a drive, one request after the other.
///
/// A source is used by one thread at a time: the one that finds it idle works for all others that come
/// meanwhile. So never more than one of the threads that serve the kernel waits for a disc.
final class ContentReader: @unchecked Sendable {
    // Safe to share: whoever works has the turn, which the monitor hands from thread to thread; nobody
    // else touches what is not constant.

    /// Who waits for bytes.
    private enum Asker {
        /// The kernel.
        case kernel(ReadRequest)
        /// A thread of this process.
        case thread(Monitor<Result<[UInt8], SystemError>?>)
    }

    private struct Job {
        var asker: Asker
        var node: MountNode
        var offset: Int
        var count: Int
    }

    private struct Queue {
        var jobs: [Job] = []
        var isBusy = false
    }

    /// Packed files that are kept open, with the block that was unpacked last.
    private static let mostOpen = 16

    private let tree: MountTree
    private let contents: MountedContents
    private let queue = Monitor(Queue())
    private var open: [(inode: UInt64, bytes: any FileBytes)] = []

    init(_ tree: MountTree, _ contents: MountedContents) {
        self.tree = tree
        self.contents = contents
    }

    /// Answers a request, now or when its turn comes.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - node: The file.
    ///   - offset: The first byte.
    ///   - count: How many; the file has them.
    func serve(_ request: ReadRequest, _ node: MountNode, at offset: Int, count: Int) {
        take(Job(asker: .kernel(request), node: node, offset: offset, count: count))
    }

    /// Reads bytes when their turn comes, and waits for them.
    ///
    /// - Parameters:
    ///   - node: The file.
    ///   - offset: The first byte.
    ///   - count: How many; the file has them.
    /// - Returns: The bytes.
    /// - Throws: `EIO` if they can't be read.
    func bytes(of node: MountNode, at offset: Int, count: Int) throws(SystemError) -> [UInt8] {
        let answer = Monitor<Result<[UInt8], SystemError>?>(nil)
        take(Job(asker: .thread(answer), node: node, offset: offset, count: count))
        return try answer.wait { $0 }.get()
    }

    private func take(_ job: Job) {
        var mine = queue.update { queue -> Job? in
            if queue.isBusy {
                queue.jobs.append(job)
                return nil
            }
            queue.isBusy = true
            return job
        }
        while let job = mine {
            answer(job)
            mine = queue.update { queue -> Job? in
                guard !queue.jobs.isEmpty else {
                    queue.isBusy = false
                    return nil
                }
                return queue.jobs.removeFirst()
            }
        }
    }

    private func answer(_ job: Job) {
        var bytes = [UInt8](repeating: 0, count: job.count)
        do {
            var span = bytes.mutableSpan
            try read(job.node, at: job.offset, into: &span)
        } catch {
            switch job.asker {
            case .kernel(let request): request.fail(.inputOutput("read"))
            case .thread(let answer): answer.update { $0 = .failure(.inputOutput("read")) }
            }
            return
        }
        switch job.asker {
        case .kernel(let request): request.answer(bytes.span)
        case .thread(let answer): answer.update { $0 = .success(bytes) }
        }
    }

    /// Reads bytes of a file.
    private func read(_ node: MountNode, at offset: Int, into target: inout MutableSpan<UInt8>)
        throws
    {
        if case .sound(let index) = node.content {
            return try read(tree.sounds[index], at: offset, into: &target)
        }
        let bytes = try file(node)
        var done = 0
        while done < target.count {
            var part = target._mutatingExtracting(done...)
            let count = try bytes.read(at: offset + done, into: &part)
            guard count > 0 else { break }
            done += count
        }
    }

    /// Opens a file, or takes the one that is open.
    private func file(_ node: MountNode) throws -> any FileBytes {
        let inode = node.attributes.inode
        if let index = open.firstIndex(where: { $0.inode == inode }) {
            let known = open.remove(at: index)
            open.append(known)
            return known.bytes
        }
        var entry = FileEntry(name: "file", kind: .file, size: node.attributes.size)
        switch node.content {
        case .extents(let range): entry.extents = Array(tree.extents[range])
        case .packed(let range):
            entry.extents = Array(tree.extents[range])
            entry.compression = "zisofs"
        case .none, .directory, .link, .sound: break
        }
        let bytes = try entry.open(contents.source)
        if open.count >= Self.mostOpen { open.removeFirst() }
        open.append((inode, bytes))
        return bytes
    }

    private func read(
        _ track: SoundTrack,
        at offset: Int,
        into target: inout MutableSpan<UInt8>
    ) throws {
        var done = Bytes.copy(
            track.header.span.extracting(min(offset, track.header.count)...),
            to: &target
        )
        let size = SoundTrack.sectorSize
        while done < target.count {
            let place = offset + done - track.header.count
            let (sector, within) = (place / size, place % size)
            guard sector < track.sectors.count else { return }
            let wanted = min(
                (within + target.count - done + size - 1) / size,
                track.sectors.count - sector
            )
            var bytes = [UInt8](repeating: 0, count: wanted * size)
            var span = bytes.mutableSpan
            let got = try contents.disc.read(
                .raw,
                at: track.sectors.lowerBound + sector,
                into: &span
            )
            guard got > 0 else { throw SystemError.inputOutput("read") }
            done += Bytes.copy(
                bytes.span.extracting(within..<(min(got, wanted) * size)),
                to: &target,
                at: done
            )
        }
    }
}
