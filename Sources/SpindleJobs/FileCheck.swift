import DiscFiles
public import DiscImages
public import DiscOpinions
public import Reports
import SecondOpinion
public import SystemPackage

/// The files of a disc as Spindle reads them, compared with what libiso9660 reads.
public struct FileCheck {
    /// Bytes of files whose contents are compared; of files beyond them only the size is.
    public static let mostBytes = 4 << 30

    /// The files as Spindle reads them.
    public let listing: FileListing
    /// What came of the comparison.
    public let report: TreeReport
    /// What a person should know of it: a sentence each.
    public let notes: [String]

    /// How the check ended: verified, differs, incomplete if Spindle could not read all, not verified
    /// if libiso9660 could not.
    public var status: JobStatus {
        if !report.differences.isEmpty { return .differs }
        if report.unlisted.count > 0 { return .notVerified }
        return report.isIncomplete || report.unreadable.count > 0 ? .incomplete : .verified
    }

    /// The exit code.
    public var exitCode: ExitCode {
        switch status {
        case .differs: .differs
        case .incomplete: .incomplete
        case .verified: .done
        default: .failed
        }
    }

    /// Compares.
    ///
    /// - Parameters:
    ///   - path: A drive's device node, an image or a virtual disc.
    ///   - treeName: The tree; by default the best one that libiso9660 knows.
    ///   - sessionNumber: The session; libiso9660 reads the one that begins at address 0.
    ///   - secrets: What gives the password of an image, where it needs one.
    /// - Throws: ``Reports/Failure`` if there is no such disc or tree, or libiso9660 has no answer.
    public init(
        _ path: FilePath,
        treeName: String? = nil,
        sessionNumber: Int? = nil,
        secrets: ImageSecrets? = nil
    ) throws(Failure) {
        let disc = try ReadableDisc(path, secrets: secrets)
        var listing = try FileListing(disc, treeName: treeName, sessionNumber: sessionNumber)
        var notes: [String] = []
        if listing.session.start != 0, sessionNumber == nil,
            let first = disc.sessions.first(where: { $0.start == 0 })
        {
            listing = try FileListing(disc, treeName: treeName, sessionNumber: first.number)
            notes.append(
                "libiso9660 reads the session at sector 0 alone, so session \(first.number) was compared."
            )
        }
        if !Self.isKnown(listing.tree.kind, listing.available), treeName == nil,
            let other = [FileTreeKind.rockRidge, .joliet, .iso].first(where: {
                Self.isKnown($0, listing.available)
            })
        {
            notes.append(
                "libiso9660 does not read the \(listing.tree.kind.displayName) tree, so the \(other.displayName) tree was compared."
            )
            let number = listing.session.number
            listing = try FileListing(disc, treeName: other.rawValue, sessionNumber: number)
        }
        try Self.check(listing)
        let flat = try FlatFile(disc)
        if flat.unreadableSectors > 0 {
            notes.append(
                "libiso9660 was given zeros for \(flat.unreadableSectors) sector\(flat.unreadableSectors == 1 ? "" : "s") that can't be read."
            )
        }
        let other = try Self.ask(flat, listing)
        self.listing = listing
        self.notes = notes
        do {
            var check = TreeCheck(listing.tree, disc.source, other)
            report = try check.run()
        } catch {
            throw Failure(
                .trouble,
                "\(path) can't be read: \(error)",
                meaning: "The files were not checked.",
                advice: ""
            )
        }
    }

    /// Whether libiso9660 reads a tree; plain names it gives only where there are none of Rock Ridge.
    private static func isKnown(_ kind: FileTreeKind, _ available: [FileTreeKind]) -> Bool {
        switch kind {
        case .rockRidge, .joliet: available.contains(kind)
        case .iso: available.contains(.iso) && !available.contains(.rockRidge)
        case .udf, .iso1999, .hfs: false
        }
    }

    private static func check(_ listing: FileListing) throws(Failure) {
        let what: String
        if listing.session.start != 0 {
            what = "libiso9660 reads the session at sector 0 alone."
        } else if !isKnown(listing.tree.kind, listing.available) {
            what =
                listing.tree.kind == .iso
                ? "libiso9660 gives Rock Ridge's names wherever there are any."
                : "libiso9660 does not read the \(listing.tree.kind.displayName) tree."
        } else {
            return
        }
        throw Failure(
            .unchecked,
            what,
            meaning: "The files of \(listing.disc.path) were not checked.",
            advice: ""
        )
    }

    private static func ask(_ flat: FlatFile, _ listing: FileListing) throws(Failure) -> OtherTree {
        var other = OtherTree()
        do throws(OpinionError) {
            try OpinionProcess.ask(
                .tree(
                    of: flat.file,
                    names: listing.tree.kind == .joliet ? .joliet : .primary,
                    mostBytes: mostBytes
                )
            ) { other.take($0) }
            return other
        } catch {
            throw Failure(
                .unchecked,
                error.description,
                meaning: error.code == .missing
                    ? "The files of \(listing.disc.path) were not checked."
                    : "The files of \(listing.disc.path) were not checked; that says nothing about them, for libiso9660 fails with some valid images, too.",
                advice: error.code == .missing
                    ? "Install Spindle whole with Scripts/install." : ""
            )
        }
    }
}
