import LibCrypto
import LibISO9660
import SecondOpinion

/// Entries that are told; more can only be made up.
private let mostEntries = 1 << 19
/// Directories in each other that are gone into.
private let greatestDepth = 64

/// A directory that waits to be listed.
private struct Directory {
    var number: Int
    var path: [UInt8]
    var depth: Int
}

/// Tells the files of the image that is the standard input.
func tellTree(names: String, mostBytes: Int, to answer: inout Answer) {
    do throws(ISO9660Error) {
        let image = try ISO9660Image(
            path: "/proc/self/fd/0",
            names: names == OpinionQuestion.Names.joliet.rawValue ? .joliet : .primary
        )
        let volume = OpinionLine.Volume(
            jolietLevel: image.jolietLevel,
            volume: image.volume,
            publisher: image.publisher,
            preparer: image.preparer,
            application: image.application
        )
        answer.print(OpinionLine(.volume, volume: volume))
        if tellFiles(of: image, mostBytes: mostBytes, to: &answer) {
            answer.print(OpinionLine(.end))
        }
    } catch {
        answer.print(OpinionLine(.failed, reason: error.description))
    }
}

/// Tells the entries, each directory after those that were told before it.
///
/// - Returns: Whether all were told.
private func tellFiles(
    of image: borrowing ISO9660Image,
    mostBytes: Int,
    to answer: inout Answer
) -> Bool {
    var waiting = [Directory(number: 0, path: [], depth: 0)]
    var next = 0
    var count = 0
    var left = mostBytes
    while next < waiting.count {
        let directory = waiting[next]
        waiting[next].path = []
        next += 1
        guard directory.depth < greatestDepth, let entries = image.entries(of: directory.path)
        else {
            answer.print(OpinionLine(.unlisted, directory: directory.number))
            continue
        }
        for found in entries {
            count += 1
            guard count <= mostEntries else {
                let reason = "libiso9660 lists more than \(mostEntries) entries."
                answer.print(OpinionLine(.failed, reason: reason))
                return false
            }
            var entry = OpinionLine.Entry(
                directory: directory.number,
                name: found.name,
                isDirectory: found.isDirectory,
                start: found.start,
                size: found.size,
                mode: found.mode,
                target: found.target
            )
            if found.isDirectory {
                waiting.append(
                    Directory(
                        number: waiting.count,
                        path: directory.path + (directory.path.isEmpty ? [] : [0x2F]) + found.name,
                        depth: directory.depth + 1
                    )
                )
            } else if found.size <= left {
                left -= found.size
                entry.sha256 = sum(of: found, image)
                if entry.sha256 == nil { entry.isShort = true }
            }
            answer.print(OpinionLine(.entry, entry: entry))
        }
    }
    return true
}

/// The sum of a file's bytes; `nil` if the image ends before all of them.
private func sum(of file: ISO9660Entry, _ image: borrowing ISO9660Image) -> String? {
    guard var digest = try? Digest(.sha256) else { return nil }
    var buffer = [UInt8](repeating: 0, count: 128 * ISO9660Image.sectorSize)
    var left = file.size
    var sector = file.start
    while left > 0 {
        let sectors = min(128, (left - 1) / ISO9660Image.sectorSize + 1)
        let wanted = min(left, sectors * ISO9660Image.sectorSize)
        var span = buffer.mutableSpan
        var part = span._mutatingExtracting(..<(sectors * ISO9660Image.sectorSize))
        guard image.read(at: sector, into: &part) >= wanted else { return nil }
        digest.update(buffer.span.extracting(..<wanted))
        left -= wanted
        sector += sectors
    }
    return digest.finish().hexadecimal
}
