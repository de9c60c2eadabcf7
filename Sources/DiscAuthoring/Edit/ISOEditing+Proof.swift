public import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

extension ISOEditing {
    /// The image as it was, with the boot catalogue as it is to be, which may be a file of the tree.
    var keptFiles: any SectorSource {
        guard let catalog = move?.catalog else { return disc.source }
        let sectors = catalog.sector..<catalog.sector + 1
        let piece = EditedSource.Piece(sectors: sectors, content: .bytes(catalog.bytes))
        return EditedSource(disc.source, sectorCount: disc.source.sectorCount ?? 0, [piece]) {}
    }

    /// Reads the finished image back, and looks for a difference from what it was to become.
    public func difference(
        in path: FilePath,
        _ files: UnfinishedFiles,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> String? {
        try EditProof(self, path, files).difference(cancellation, tell)
    }
}
