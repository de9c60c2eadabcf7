public import DiscFiles
import LinuxCalls
public import Reports
import SystemPackage
public import Transfer

/// Takes files out of a disc.
///
/// Its statuses, and with them the exit codes:
///
/// - done: everything that was wanted is there.
/// - incomplete: some of it can't be read, and zeros stand for that; or the tree is broken, be it only where
///   it has attributes that are wanted.
/// - failed: some of it could not be written, or something was there already.
///
/// A file gets its name when all of it is written. What is read of a damaged disc is read in the order in
/// which it lies there.
public struct ExtractionJob {
    private static let verb = "extract"
    /// Bytes that are copied at once.
    private static let piece = 1 << 20
    /// Problems that are told.
    private static let mostProblems = 1000

    private let tree: any FileTree
    private let source: any SectorSource
    private let name: String
    private let notes: [String]
    private let options: ExtractionOptions

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - tree: The tree.
    ///   - source: The disc.
    ///   - name: What sentences call it: the path of the image, or the drive.
    ///   - notes: What a person should know of the tree, a sentence each.
    ///   - options: What is wanted.
    public init(
        _ tree: any FileTree,
        _ source: any SectorSource,
        named name: String,
        notes: [String],
        options: ExtractionOptions
    ) {
        self.tree = tree
        self.source = source
        self.name = name
        self.notes = notes
        self.options = options
    }

    /// What was done so far.
    private struct Progress {
        var entries = 0
        var bytes = 0
        var problems: [String] = []
        var furtherProblems = 0
        var damaged: [DamagedFile] = []
        var furtherDamaged = 0
        var unreadable = 0
        var firstUnreadable: Int?
        /// Whether a file has not all of its bytes for another reason than sectors that can't be read.
        var isCut = false
        var couldNotWrite = false
        var existed = false
        var isFull = false
        var meter: RateMeter

        mutating func note(_ sentence: String) {
            if problems.count < ExtractionJob.mostProblems {
                problems.append(sentence)
            } else {
                furtherProblems += 1
            }
        }
    }

    /// Extracts.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads; what is finished then stays.
    ///   - tell: Told the plan and the progress, on the calling thread.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if nothing was extracted: a path is not there, or the directory can't
    ///   be made.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        let selection: ExtractionSelection
        do {
            selection = try ExtractionSelection(
                tree,
                options.paths,
                takingStreams: options.takesStreams
            ) { !cancellation.isRequested }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "\(name) can't be read: \(error)",
                meaning: "Nothing was extracted.",
                advice: "Try again, or rip the disc and extract from the image."
            )
        }
        if cancellation.isRequested { throw stopped(after: 0) }
        tell(.plan(plan(selection)))
        let target: ExtractionTarget
        do throws(SystemError) {
            target = try ExtractionTarget(options.target)
        } catch {
            throw Failure(
                .trouble,
                error.isPermissionDenied ? .noPermission : .outputError,
                "\(options.target) can't be used: \(error.reason).",
                meaning: "Nothing was extracted.",
                advice: "Name a directory that you may write to with --to."
            )
        }
        try checkSpace(selection)
        // Asked for before there is a second thread that makes files.
        _ = FileCreationMask.value
        var progress = Progress(meter: RateMeter(phase: .read, total: selection.bytes))
        for directory in selection.directories where !progress.isFull {
            make(directory, target, &progress)
        }
        for file in selection.files where !cancellation.isRequested && !progress.isFull {
            extract(file, target, &progress, cancellation, tell)
        }
        if !cancellation.isRequested {
            for link in selection.links where !progress.isFull {
                make(link: link, target, &progress)
            }
        }
        // Last, for what is made in a directory changes its time.
        for directory in selection.directories.reversed() { finish(directory, target, &progress) }
        if (try? Directory(options.target))?.synchronizeAll() != true {
            progress.couldNotWrite = true
            progress.note("What was extracted may not be on the storage: writing it failed.")
        }
        if cancellation.isRequested { throw stopped(after: progress.entries) }
        return result(progress, selection)
    }

    private func checkSpace(_ selection: ExtractionSelection) throws(Failure) {
        // What is replaced gives its room back only afterwards; who can't tell the room lets it be tried.
        guard let free = try? FileSystem.freeSpace(at: options.target), free < selection.bytes
        else { return }
        throw Failure(
            .trouble,
            .noSpace,
            "The files have \(selection.bytes) bytes, and \(options.target) has room for \(free).",
            meaning: "Nothing was extracted.",
            advice: "Make room, name another directory with --to, or extract some of the files."
        )
    }

    private func plan(_ selection: ExtractionSelection) -> JobPlan {
        var plan = JobPlan(verb: Self.verb, source: name, target: options.target.string)
        plan.bytes = selection.bytes
        plan.notes = notes
        if selection.others > 0 {
            plan.notes.append(
                "\(Wording.counted(selection.others, "device, pipe or socket", "devices, pipes and sockets")) will be left out."
            )
        }
        let left: [(what: String, count: Int, option: String, isTaken: Bool)] = [
            ("The resource forks", selection.forks, "--streams", options.takesStreams),
            ("The named streams", selection.streamed, "--streams", options.takesStreams),
            ("The extended attributes", selection.attributed, "--xattrs", options.keepsAttributes),
            ("The access control lists", selection.controlled, "--acls", options.keepsAccessLists),
        ]
        for (what, count, option, isTaken) in left where count > 0 && !isTaken {
            let files = Wording.counted(count, "file or directory", "files and directories")
            plan.notes.append("\(what) of \(files) are left out; \(option) takes them.")
        }
        return plan
    }

    // MARK: Directories and links

    private func make(
        _ directory: ExtractionSelection.Wanted,
        _ target: ExtractionTarget,
        _ progress: inout Progress
    ) {
        do throws(SystemError) {
            _ = try target.makeDirectory(directory.path)
            progress.entries += 1
        } catch {
            progress.couldNotWrite = true
            progress.isFull = error.isNoSpace
            progress.note("\(directory.shownPath): the directory can't be made: \(error.reason).")
        }
    }

    private func finish(
        _ directory: ExtractionSelection.Wanted,
        _ target: ExtractionTarget,
        _ progress: inout Progress
    ) {
        // What was there before stays as it was.
        guard target.hasMade(directory.path),
            let place = try? target.directory(directory.path)
        else { return }
        // Linux lets only those who may write to a file give it attributes.
        setAttributes(of: directory, &progress) { name, value throws(SystemError) in
            try place.setAttribute(name, value)
        }
        try? place.setPermissions(permissions(directory.entry, isDirectory: true))
        setAccessLists(of: directory, &progress) { name, value throws(SystemError) in
            try place.setAttribute(name, value)
        }
        setTimes(of: ".", in: place, directory.entry)
    }

    private func make(
        link: ExtractionSelection.Wanted,
        _ target: ExtractionTarget,
        _ progress: inout Progress
    ) {
        guard let to = link.entry.target, !to.isEmpty, !to.utf8.contains(0) else {
            progress.couldNotWrite = true
            return progress.note("\(link.shownPath): the link leads nowhere; it is left out.")
        }
        do throws(SystemError) {
            let (directory, name) = try target.place(of: link.path)
            let temporary = Self.temporaryName(progress.entries)
            try directory.makeLink(temporary, to: to)
            // Linux gives links none that a user could set.
            setAttributes(of: link, &progress) { _, _ throws(SystemError) in
                throw .notPermitted("setxattr")
            }
            setTimes(of: temporary, in: directory, link.entry)
            try give(link, temporary, directory, name, target, &progress)
        } catch {
            progress.couldNotWrite = true
            progress.isFull = error.isNoSpace
            progress.note("\(link.shownPath): the link can't be made: \(error.reason).")
        }
    }

    // MARK: Files

    private func extract(
        _ file: ExtractionSelection.Wanted,
        _ target: ExtractionTarget,
        _ progress: inout Progress,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) {
        let contents: any FileBytes
        do {
            contents = try file.entry.open(source)
        } catch {
            progress.couldNotWrite = true
            return progress.note("\(file.shownPath): \(error); it is left out.")
        }
        do {
            let (directory, name) = try target.place(of: file.path)
            if !options.replaces, !target.hasMade(file.path), directory.kind(of: name) != nil {
                progress.couldNotWrite = true
                progress.existed = true
                return progress.note(
                    "\(file.shownPath): it is there already, and was not replaced."
                )
            }
            let temporary = Self.temporaryName(progress.entries)
            let permissions = permissions(file.entry, isDirectory: false)
            // Linux lets only those who may write to a file give it attributes.
            let isMadeSo = !options.keepsPermissions && !options.keepsAttributes
            let output = try directory.makeFile(
                temporary,
                permissions: isMadeSo ? permissions : 0o600
            )
            do {
                let copied = try copy(contents, file, to: output, &progress, cancellation, tell)
                if cancellation.isRequested {
                    try? directory.remove(temporary)
                    return
                }
                setAttributes(of: file, &progress) { name, value throws(SystemError) in
                    try output.setAttribute(name, value)
                }
                if !isMadeSo { try output.setPermissions(permissions) }
                setAccessLists(of: file, &progress) { name, value throws(SystemError) in
                    try output.setAttribute(name, value)
                }
                setTimes(of: temporary, in: directory, file.entry)
                try give(file, temporary, directory, name, target, &progress)
                note(copied, of: file, &progress)
            } catch {
                try? directory.remove(temporary)
                throw error
            }
        } catch let error as SystemError {
            progress.couldNotWrite = true
            progress.isFull = error.isNoSpace
            progress.note("\(file.shownPath): it can't be written: \(error.reason).")
        } catch {
            progress.couldNotWrite = true
            progress.note("\(file.shownPath): \(error); it is left out.")
        }
    }

    /// What a file lacks after it was copied.
    private struct Copied {
        /// What of it can't be read.
        var reading: PatientReading
        /// Where what the disc does not say the place of begins, and what is wrong; `nil` if it does of all.
        var end: (place: Int, reason: String)?
    }

    /// Copies a file's bytes; zeros stand for what can't be read.
    private func copy(
        _ contents: any FileBytes,
        _ file: ExtractionSelection.Wanted,
        to output: File,
        _ progress: inout Progress,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> Copied {
        var buffer = [UInt8](repeating: 0, count: max(1, min(Self.piece, contents.count)))
        var copied = Copied(
            reading: PatientReading(of: contents.count, inPiecesOf: buffer.count)
        )
        var place = 0
        // Where the file ends by what was written to it.
        var end = 0
        var early = EarlyWriting()
        while place < contents.count, !cancellation.isRequested {
            var count = 0
            do {
                var span = buffer.mutableSpan
                var part = span._mutatingExtracting(
                    ..<min(copied.reading.step, contents.count - place)
                )
                count = try contents.read(at: place, into: &part)
                guard count > 0 else { throw MissingExtents(held: place, size: contents.count) }
                if try output.writeSparsely(buffer.span.extracting(..<count), at: place) {
                    end = place + count
                }
                early.reach(place + count, in: output)
                copied.reading.succeed()
            } catch let error as UnreadableSectors {
                // To the next sector that is tried; the bytes of this one stay zeros.
                count = copied.reading.fail(error, at: place)
            } catch let error as MissingExtents {
                copied.end = (place, error.description)
                break
            }
            place += count
            progress.bytes += count
            if progress.meter.isDue {
                tell(.progress(progress.meter.progress(bytes: progress.bytes)))
            }
        }
        if end != file.entry.size { try output.setSize(file.entry.size) }
        return copied
    }

    private func note(
        _ copied: Copied,
        of file: ExtractionSelection.Wanted,
        _ progress: inout Progress
    ) {
        if let end = copied.end {
            progress.isCut = true
            progress.note(
                "\(file.shownPath): \(end.reason); from byte \(end.place) on zeros stand for what is missing."
            )
        } else if file.entry.isCut {
            progress.isCut = true
            progress.note(
                "\(file.shownPath): the disc says that there is more of it, and not where."
            )
        }
        if let omission = copied.reading.omission {
            progress.isCut = true
            progress.note("\(file.shownPath): \(omission); zeros stand for them.")
        }
        let unreadable = copied.reading.unreadable
        guard !unreadable.isEmpty else { return }
        progress.unreadable += unreadable.count
        progress.firstUnreadable = min(progress.firstUnreadable ?? .max, unreadable.min() ?? .max)
        guard progress.damaged.count < Self.mostProblems else {
            progress.furtherDamaged += 1
            return
        }
        progress.damaged.append(
            DamagedFile(
                path: file.path,
                bytes: file.entry.size,
                unreadableSectors: unreadable.count
            )
        )
    }

    /// Gives what was made its name; one that the disc has twice gets another one the second time.
    private func give(
        _ wanted: ExtractionSelection.Wanted,
        _ temporary: String,
        _ directory: Directory,
        _ name: String,
        _ target: ExtractionTarget,
        _ progress: inout Progress
    ) throws(SystemError) {
        do throws(SystemError) {
            if target.hasMade(wanted.path) {
                try giveOther(wanted, temporary, directory, name, &progress)
            } else {
                try directory.rename(temporary, to: name, replaces: options.replaces)
                target.note(wanted.path)
            }
            progress.entries += 1
        } catch {
            try? directory.remove(temporary)
            guard error.isFileExists else { throw error }
            progress.couldNotWrite = true
            progress.existed = true
            progress.note("\(wanted.shownPath): it is there already, and was not replaced.")
        }
    }

    private func giveOther(
        _ wanted: ExtractionSelection.Wanted,
        _ temporary: String,
        _ directory: Directory,
        _ name: String,
        _ progress: inout Progress
    ) throws(SystemError) {
        for number in 2..<1000 {
            do throws(SystemError) {
                let other = "\(name)~\(number)"
                try directory.rename(temporary, to: other, replaces: false)
                return progress.note(
                    "\(wanted.shownPath): the disc has two of this name; the second is \(FileName.shown(other)) now."
                )
            } catch {
                guard error.isFileExists else { throw error }
            }
        }
        throw .exists(directory.path.appending(name).string)
    }

    private static func temporaryName(_ number: Int) -> String {
        ".spindle-\(Processes.ownNumber)-\(number).part"
    }

    // MARK: What is known of them

    private func permissions(_ entry: FileEntry, isDirectory: Bool) -> UInt32 {
        // A disc's maker is not to decide who programs run as: set-user-ID and set-group-ID are never set.
        let mode = (entry.mode ?? (isDirectory ? 0o755 : 0o644)) & 0o1777
        if options.keepsPermissions { return mode }
        return mode & 0o777 & ~FileCreationMask.value | (isDirectory ? 0o700 : 0o600)
    }

    /// Gives what was made the attributes that are wanted of it, before its permissions.
    ///
    /// Only those of users are set: others give programs powers (`security.capability`) or mean something
    /// to the system (`trusted`), and the disc's maker is not to decide that here.
    private func setAttributes(
        of wanted: ExtractionSelection.Wanted,
        _ progress: inout Progress,
        _ set: (String, [UInt8]) throws(SystemError) -> Void
    ) {
        guard options.keepsAttributes else { return }
        let attributes = wanted.entry.attributes.filter { !$0.isAccessControl }
        let own = attributes.filter { $0.name.hasPrefix("user.") }
        for attribute in attributes where !attribute.name.hasPrefix("user.") {
            progress.note(
                "\(wanted.shownPath): “\(FileName.shown(attribute.name))” is left out: only attributes of users (“user.…”) are set."
            )
        }
        give(own, to: wanted, &progress, set)
    }

    /// Gives what was made its access control lists, after its permissions, which change them.
    private func setAccessLists(
        of wanted: ExtractionSelection.Wanted,
        _ progress: inout Progress,
        _ set: (String, [UInt8]) throws(SystemError) -> Void
    ) {
        guard options.keepsAccessLists else { return }
        give(wanted.entry.attributes.filter(\.isAccessControl), to: wanted, &progress, set)
    }

    /// Gives what was made attributes; those that it can't get are told.
    private func give(
        _ attributes: [FileAttribute],
        to wanted: ExtractionSelection.Wanted,
        _ progress: inout Progress,
        _ set: (String, [UInt8]) throws(SystemError) -> Void
    ) {
        for attribute in attributes {
            do throws(SystemError) {
                try set(attribute.name, attribute.value)
            } catch {
                let name = FileName.shown(attribute.name)
                progress.couldNotWrite = true
                progress.note("\(wanted.shownPath): it can't get “\(name)”: \(error.reason).")
            }
        }
    }

    private func setTimes(of name: String, in directory: Directory, _ entry: FileEntry) {
        try? directory.setTimes(
            of: name,
            accessed: entry.accessed.map { ($0.seconds, $0.nanoseconds) },
            modified: entry.modified.map { ($0.seconds, $0.nanoseconds) }
        )
    }

    // MARK: How it ended

    private func stopped(after entries: Int) -> Failure {
        Failure(
            .interruption,
            "The extraction was stopped after \(Wording.counted(entries, "entry", "entries")).",
            meaning: entries == 0
                ? "Nothing was extracted." : "What was extracted until then is whole.",
            advice: "Extract again; what is there already is not replaced without --force."
        )
    }

    private func result(_ progress: Progress, _ selection: ExtractionSelection) -> JobResult {
        let wantsAttributes =
            options.keepsAttributes || options.keepsAccessLists || options.takesStreams
        let lacksAttributes = wantsAttributes && selection.walk.losses.contains(.attributes)
        let isWhole =
            progress.unreadable == 0 && !progress.isCut && !selection.walk.isIncomplete
            && !lacksAttributes
        var result = JobResult(
            progress.couldNotWrite ? .failed : isWhole ? .done : .incomplete,
            verb: Self.verb,
            bytes: progress.bytes
        )
        if progress.existed { result.reason = .outputExists }
        if progress.isFull { result.reason = .noSpace }
        result.output = options.target.string
        result.entries = progress.entries
        result.damagedFiles = progress.damaged.isEmpty ? nil : progress.damaged
        result.furtherDamagedFiles = progress.furtherDamaged > 0 ? progress.furtherDamaged : nil
        if progress.unreadable > 0 {
            result.unreadableSectors = progress.unreadable
            result.firstUnreadableSector = progress.firstUnreadable
        }
        let problems = progress.problems + selection.walk.problems.map(\.description)
        result.problems = problems.isEmpty ? nil : problems
        let further = progress.furtherProblems + selection.walk.furtherProblems
        result.sentences = [
            "\(Wording.counted(progress.entries, "entry was", "entries were")) extracted to \(options.target)."
        ]
        if progress.unreadable > 0 {
            result.sentences.append(
                "\(Wording.counted(progress.unreadable, "sector")) of \(Wording.counted(progress.damaged.count + progress.furtherDamaged, "file")) can't be read; zeros stand for \(progress.unreadable == 1 ? "it" : "them")."
            )
            result.sentences += progress.damaged.prefix(20).map {
                "Damaged: \(FileName.shown($0.path)) (\($0.unreadableSectors) of its sectors)."
            }
        }
        result.sentences += problems.prefix(20)
        let untold = max(0, problems.count - 20) + further
        if untold > 0 {
            result.sentences.append(
                "There \(untold == 1 ? "is 1 more problem" : "are \(untold) more problems")."
            )
        }
        if progress.isFull {
            result.sentences.append(
                "The disk is full, so what follows on the disc was not extracted: make room, and extract again."
            )
        }
        if progress.existed {
            result.sentences.append("To replace existing files, use --force.")
        }
        return result
    }
}
