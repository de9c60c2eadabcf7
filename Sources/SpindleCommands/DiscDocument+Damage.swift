import SpindleJobs

extension DiscDocument {
    /// What the raw sectors of an image say of themselves.
    struct DamageEntry: Encodable {
        /// No more runs are told.
        static let mostRuns = 4096

        /// Sectors that are kept with their EDC.
        var checkedSectors: Int
        /// Those of them that anything is wrong with.
        var faultySectors: Int
        var unreadableSectors: Int?
        var runs: [SectorFaultRun]
        /// How many runs more there are.
        var furtherRuns: Int?

        /// Takes what was found; `nil` if no sector has an EDC.
        init?(_ damage: SectorDamage) {
            guard damage.checkedSectors > 0 else { return nil }
            checkedSectors = damage.checkedSectors
            faultySectors = damage.runs.reduce(0) { $0 + $1.sectors.count }
            if damage.unreadableSectors > 0 { unreadableSectors = damage.unreadableSectors }
            runs = damage.runs.prefix(Self.mostRuns).map(SectorFaultRun.init)
            if damage.runs.count > runs.count { furtherRuns = damage.runs.count - runs.count }
        }
    }

    /// Runs that get a line each.
    private static let mostLines = 20

    /// What is wrong with the sectors, a run a line.
    func damageLines(_ damage: DamageEntry) -> [String] {
        guard !damage.runs.isEmpty else {
            return [
                "sectors   sync, header, EDC, P and Q of \(Wording.sectors(damage.checkedSectors)) are right"
            ]
        }
        var lines = damage.runs.prefix(Self.mostLines).map { "damage    " + Self.line($0) }
        let more = damage.runs.count - lines.count + (damage.furtherRuns ?? 0)
        if more > 0 {
            lines.append("damage    and \(more) runs more; --json names them")
        }
        lines.append(
            "sectors   \(damage.faultySectors) of \(Wording.sectors(damage.checkedSectors)) have something wrong"
        )
        return lines
    }

    private static func line(_ run: SectorFaultRun) -> String {
        let sectors =
            run.count == 1
            ? "sector \(run.start)" : "sectors \(run.start) to \(run.start + run.count - 1)"
        let names = [
            "sync": "sync", "header": "header", "edc": "EDC", "ecc": "P or Q",
        ]
        let wrong = run.faults.compactMap { names[$0] }
        let list =
            wrong.count > 1
            ? wrong.dropLast().joined(separator: ", ") + " and \(wrong[wrong.count - 1])"
            : wrong.first ?? ""
        let what = run.faults.contains("empty") ? "all zeros, without a sync" : "wrong \(list)"
        let meaning =
            switch run.isRepairable {
            case true?: "can be repaired"
            case false?: "beyond repair"
            case nil: "the data are right"
            }
        let offset =
            run.headerOffset.map {
                $0 == 0 ? "" : ", the headers are \(abs($0)) sectors too \($0 > 0 ? "high" : "low")"
            } ?? ""
        return "\(sectors): \(what)\(offset); \(meaning)"
    }
}
