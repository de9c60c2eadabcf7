import DiscModel
public import Reports

extension SectorFaultRun {
    /// Takes sectors in a row as they were found.
    public init(_ run: SectorDamage.Run) {
        self.init(
            run.sectors,
            faults: run.faults.names,
            isRepairable: run.isRepairable ? true : run.isLost ? false : nil,
            changedBytes: run.changedBytes,
            headerOffset: run.headerOffset
        )
    }
}
