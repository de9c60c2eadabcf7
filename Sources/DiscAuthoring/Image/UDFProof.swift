import DiscFiles
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// Reads an image with UDF back as any other image is read, and compares it with its tree.
///
/// That is: names, kinds, sizes, permissions, owners, times, links, and what each file has with what was
/// read of it. A tree of ISO 9660 beside it must have the same bytes as files.
struct UDFProof {
    private let image: UDFAuthoring
    private let path: FilePath
    private let files: UnfinishedFiles

    init(_ image: UDFAuthoring, _ path: FilePath, _ files: UnfinishedFiles) {
        self.image = image
        self.path = path
        self.files = files
    }

    /// Looks for a difference.
    ///
    /// - Returns: The first one, in words; `nil` if there is none, or the job was stopped.
    /// - Throws: ``Reports/Failure`` if the image can't be read.
    func difference(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void) throws -> String? {
        try TreeProof.difference(in: path, files) { source, trees in
            guard let tree = trees.tree(.udf) else { throw ImageDifference("it has no UDF tree") }
            if let volume = trees.content.udf?.logicalVolumeIdentifier, volume != image.volume {
                throw ImageDifference("its volume is named “\(volume)”")
            }
            var proof = TreeProof(tree: image.tree)
            proof.keptPermissions = 0o777
            proof.hasSpecialFiles = false
            (proof.renamed, proof.retargeted) = (image.renamed, image.retargeted)
            let findings = try proof.compare(with: tree, source, cancellation, tell)
            guard !cancellation.isRequested else { return }
            if image.image.options.hasISO9660 { try compareBridge(trees, findings) }
        }
    }

    /// Compares where the bytes of files begin in the trees of ISO 9660.
    private func compareBridge(_ trees: DiscTrees, _ findings: TreeProof.Findings) throws {
        var starts: [Int: Int] = [:]
        for (place, count) in findings.all {
            if let offset = place.offset { starts[offset, default: 0] += count }
        }
        let kinds: [FileTreeKind] = image.image.options.hasJoliet ? [.iso, .joliet] : [.iso]
        for kind in kinds {
            guard let tree = trees.tree(kind) else {
                throw ImageDifference("it has no \(kind.displayName) tree")
            }
            var walk = FileWalk(tree)
            var found: [Int: Int] = [:]
            while let visit = try walk.next() {
                guard visit.entry.kind == .file, visit.entry.size > 0 else { continue }
                found[visit.entry.extents.first?.offset ?? -1, default: 0] += 1
            }
            if let problem = walk.problems.first { throw ImageDifference(problem.description) }
            guard found == starts else {
                throw ImageDifference("its \(kind.displayName) tree has other files")
            }
        }
    }
}
