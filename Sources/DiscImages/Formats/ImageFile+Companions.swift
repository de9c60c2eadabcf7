import DiscModel
import LinuxCalls
import SystemPackage

/// A file that a sheet or a descriptor names, opened.
struct Companion {
    /// Its path.
    let path: FilePath
    /// Its bytes.
    let bytes: FileBytes
    /// That it isn't the file as it was named, and which one it is: one sentence; `nil` if it is
    /// the file as it was named.
    let warning: String?
    /// That the file was packed and its content is taken, and what was odd about it: a sentence each; empty
    /// if its bytes are taken as they are.
    var packing: [String] = []

    /// What is odd about it: a sentence each.
    var warnings: [String] { (warning.map { [$0] } ?? []) + packing }
}

/// A file that a sheet names can't be had.
struct CompanionProblem: Error {
    /// What is wrong with it, as the rest of a sentence: “is not there”.
    let problem: String
}

extension ImageFile {
    /// Finds and opens a file that this one names.
    ///
    /// The path as it is written comes first, below this file's folder; its parts may be separated by
    /// slashes or backslashes, and be written in another case. Sheets also name files as they were
    /// called on another machine, and files are renamed. So if there is no such path, these are tried,
    /// and the file that is taken is named in a warning: its last part beside this file, the same
    /// names with one of the other extensions, and this file's own name with one of its extensions.
    /// Each of them may be packed, and have the packer's extension behind its name; its content is taken then.
    ///
    /// - Parameters:
    ///   - name: The name in the sheet; bytes that are no text stand in it as `KeptBytes` or, in names made of this
    ///     file's own, as `PathText` has them.
    ///   - endings: Extensions of files that may stand for it under this file's own name, in small
    ///     letters; empty if none may.
    ///   - others: Extensions that may stand in place of the name's own.
    /// - Returns: The file, opened.
    /// - Throws: ``CompanionProblem`` if there is none, it is no regular file, it is packed in a way that
    ///   is not undone here, or it lies outside this file's folder.
    func companion(_ name: String, endings: [String] = [], others: [String] = [])
        throws(CompanionProblem) -> Companion
    {
        try PackedCompanion.unpacked(
            found(name, endings: endings, others: others, packings: PackedCompanion.endings)
        )
    }

    /// Finds and opens a file that this one names, and takes its bytes as they are.
    ///
    /// - Parameters:
    ///   - name: The name in the sheet.
    ///   - endings: Extensions of files that may stand for it under this file's own name.
    ///   - others: Extensions that may stand in place of the name's own.
    ///   - packings: Extensions that may stand behind each name.
    /// - Returns: The file, opened.
    /// - Throws: ``CompanionProblem`` if it can't be had.
    private func found(
        _ name: String,
        endings: [String] = [],
        others: [String] = [],
        packings: [String] = []
    ) throws(CompanionProblem) -> Companion {
        // A file that waits for its name is as good as one that has it.
        let beside = path.removingLastComponent().appending(text: name)
        if let file = unfinished?.file(for: beside) {
            do {
                return Companion(
                    path: beside,
                    bytes: try FileBytes(file, path: beside),
                    warning: nil
                )
            } catch {
                throw CompanionProblem(problem: "can't be read: \(error)")
            }
        }
        var finder = CompanionFinder(name, beside: path, packings: packings)
        return try finder.open(endings: endings, others: others)
    }

    /// Whether a companion is this file itself, which a sheet can't mean.
    func isSame(_ companion: Companion) -> Bool {
        guard let own = FileSystem.identity(path) else { return companion.path == path }
        return FileSystem.identity(companion.path) == own
    }

    /// Finds and opens another part of this file.
    ///
    /// - Returns: The part; `nil` if it is not there.
    func part(_ name: String) -> ImageFile? {
        (try? found(name)).map { ImageFile($0.path, bytes: $0.bytes) }
    }
}

/// The search for one file.
private struct CompanionFinder {
    private let name: String
    private let sheet: FilePath
    private let folder: FilePath
    /// The name's parts, by each way of reading it; without those of a path that leads out.
    private var ways: [[String]] = []
    private var leadsOut = false
    private var last: String?
    /// Extensions that may stand behind a name.
    private let packings: [String]
    /// The names in the folders that were looked through, in order.
    private var listings: [FilePath: [String]] = [:]

    init(_ name: String, beside sheet: FilePath, packings: [String]) {
        self.name = name
        self.packings = packings
        self.sheet = sheet
        let folder = sheet.removingLastComponent()
        self.folder = folder.string.isEmpty ? "." : folder
        // A backslash may be a part of a name here.
        let separators: [Set<Character>] = name.contains("\\") ? [["/"], ["/", "\\"]] : [["/"]]
        for separators in separators {
            let parts = name.split(whereSeparator: separators.contains).map(String.init)
            let isAbsolute = name.first.map(separators.contains) ?? false
            let hasDrive =
                separators.count > 1 && parts.first?.count == 2 && parts.first?.last == ":"
            guard !isAbsolute, !hasDrive, let inside = Self.withoutDots(parts) else {
                leadsOut = true
                continue
            }
            if !inside.isEmpty { ways.append(inside) }
        }
        // “C:\a.bin” is a name of this system, but nobody means it.
        if leadsOut { ways.removeAll { $0.joined().contains(":\\") } }
        let parts = name.split { $0 == "/" || $0 == "\\" }
        last = parts.last.map(String.init).flatMap { $0 == "." || $0 == ".." ? nil : $0 }
    }

    /// The parts of a path with “.” and “..” carried out; `nil` if it leads out of its beginning.
    private static func withoutDots(_ parts: [String]) -> [String]? {
        var result: [String] = []
        for part in parts where part != "." {
            guard part == ".." else {
                result.append(part)
                continue
            }
            guard result.popLast() != nil else { return nil }
        }
        return result
    }

    mutating func open(endings: [String], others: [String]) throws(CompanionProblem) -> Companion {
        for way in ways {
            if let found = find(way) { return try take(found.path, isExact: found.isExact) }
        }
        if let last, leadsOut || ways.contains(where: { $0.count > 1 }),
            let found = find([last])
        {
            return try take(found.path, isExact: false)
        }
        let candidates = ways + (last.map { [[$0]] } ?? [])
        for way in candidates {
            guard let file = way.last, let dot = file.lastIndex(of: "."), dot > file.startIndex
            else { continue }
            for ending in others {
                let other = String(file[...dot]) + ending
                guard other.lowercased() != file.lowercased(),
                    let found = find(way.dropLast() + [other])
                else { continue }
                return try take(found.path, isExact: false)
            }
        }
        for ending in endings {
            guard let stem = sheet.stemText, let found = find(["\(stem).\(ending)"]),
                found.path != sheet
            else { continue }
            return try take(found.path, isExact: false)
        }
        let isUnknown = KeptBytes.bytes(of: name) != Array(name.utf8)
        throw CompanionProblem(
            problem: leadsOut
                ? "lies outside the folder of \(sheet.lastComponent?.string ?? sheet.string), where it is not looked for"
                : isUnknown
                    ? "is not there under the bytes of that name, whose encoding is not known (--encoding names it)"
                    : "is not there"
        )
    }

    /// Finds a path below the folder, and if it isn't there, a packed file of that name.
    private mutating func find(_ parts: [String]) -> (path: FilePath, isExact: Bool)? {
        if let found = findPlain(parts) { return found }
        guard let last = parts.last else { return nil }
        for packing in packings {
            guard let found = findPlain(parts.dropLast() + ["\(last).\(packing)"]) else { continue }
            return (found.path, false)
        }
        return nil
    }

    /// Finds a path below the folder, in any case if it isn't there as it is written.
    private mutating func findPlain(_ parts: [String]) -> (path: FilePath, isExact: Bool)? {
        var path = folder
        var isExact = true
        for part in parts {
            let bytes =
                PathText.hasBytes(part) ? PathText.bytes(of: part) : KeptBytes.bytes(of: part)
            guard !bytes.contains(0) else { return nil }
            let exact = path.appending(FilePath(bytes: bytes).components)
            if FileSystem.exists(exact) || FileSystem.linkTarget(exact) != nil {
                path = exact
                continue
            }
            let folded = part.lowercased()
            guard let other = names(in: path).first(where: { $0.lowercased() == folded }) else {
                return nil
            }
            path = path.appending(text: other)
            isExact = false
        }
        // The folder of the path of a sheet without one is not part of what messages call the file.
        return (sheet.removingLastComponent().string.isEmpty ? path.withoutDot : path, isExact)
    }

    /// The names in a folder, in order; none if it can't be read.
    private mutating func names(in folder: FilePath) -> [String] {
        if let names = listings[folder] { return names }
        let names = (try? FileSystem.names(in: folder).sorted()) ?? []
        listings[folder] = names
        return names
    }

    /// Opens what was found, if it is a regular file in the folder.
    private func take(_ path: FilePath, isExact: Bool) throws(CompanionProblem) -> Companion {
        let shown = path.lastComponent?.string ?? path.string
        guard let root = FileSystem.resolve(folder), let real = FileSystem.resolve(path) else {
            throw CompanionProblem(problem: "is a link that leads nowhere")
        }
        guard real.starts(with: root) else {
            throw CompanionProblem(
                problem:
                    "is a link that leads out of the folder of \(sheet.lastComponent?.string ?? sheet.string), and is not followed"
            )
        }
        do {
            // What waits for another program, such as a pipe, is not waited for.
            guard try FileSystem.status(path).kind == .regular else {
                throw CompanionProblem(problem: "is not a regular file")
            }
            let file = try File(path, .read, nonBlocking: true)
            guard try file.status().kind == .regular else {
                throw CompanionProblem(problem: "is not a regular file")
            }
            let warning =
                isExact
                ? nil
                : "\(sheet.lastComponent?.string ?? sheet.string) names “\(KeptBytes.readable(name))”; “\(shown)” is taken."
            return Companion(path: path, bytes: try FileBytes(file), warning: warning)
        } catch let error as SystemError {
            throw CompanionProblem(problem: "can't be read: \(error.reason)")
        } catch let problem as CompanionProblem {
            throw problem
        } catch {
            throw CompanionProblem(problem: "can't be read: \(error)")
        }
    }
}

extension FilePath {
    /// The path without “.” at its beginning.
    fileprivate var withoutDot: FilePath {
        guard components.first?.string == ".", components.count > 1 else { return self }
        var path = self
        path.components.removeFirst()
        return path
    }
}
