import DiscDrives
import DiscImages
import DiscModel
import LibBurn
import Reports
import Transfer

extension ImageToBurn {
    /// How it is to be written on a kind of disc.
    struct Way {
        /// Its sessions and tracks; absent where its data are written as a plain image's are.
        var disc: DiscPlan?
        /// What is not written.
        var losses: [DiscLoss] = []

        /// What can't be written and is missed: for this the burn is refused unless it is allowed.
        var grave: [DiscLoss] { losses.filter { !ImageToBurn.tolerable.contains($0.feature) } }
    }

    /// What no file system and no player misses, so that it is only told.
    private static let tolerable: Set<DiscFeature> = [
        .positions, .subheaders, .sessionKinds, .remarks,
    ]

    /// Finds the way that loses least.
    ///
    /// - Parameters:
    ///   - report: What the drive says of the disc.
    ///   - options: What the caller wants.
    ///   - cancellation: A wish to stop.
    /// - Returns: The way, and what is lost on it.
    /// - Throws: ``Reports/Failure`` where something would be lost and nobody has allowed it.
    func way(onto report: DiscReport, _ options: BurnOptions, _ cancellation: Cancellation)
        throws(Failure) -> Way
    {
        guard let disc else { return Way() }
        let medium = report.medium
        if let medium, medium.facts.family != .cd, !isPlainData {
            throw Failure(
                .unsuitable,
                .unsuitableDisc,
                "\(name) has audio or several tracks, which a \(medium.facts.displayName) can't hold.",
                meaning: "Nothing was written.",
                advice: "Put a blank CD-R or CD-RW in."
            )
        }
        if isPlainData, isAllUserData(disc) { return Way() }
        let inventory: DiscInventory
        do {
            inventory = try DiscInventory(of: disc, reading: true, cancellation)
        } catch {
            throw Failure(
                notBurned: "\(name) can't be read: \(error).",
                "Download the image again."
            )
        }
        guard !cancellation.isRequested else { throw .stoppedBeforehand }
        guard inventory.unreadableSectors == 0 else {
            throw Failure(
                notBurned:
                    "\(Witness.count(inventory.unreadableSectors, "sector")) of \(name) can't be read.",
                "Download the image again."
            )
        }
        let way = bestWay(inventory, disc, report, options)
        try check(way, options)
        return way
    }

    private func isAllUserData(_ disc: any DiscSource) -> Bool {
        let codes = disc.layout.tracks.contains { !$0.laterIndexes.isEmpty || $0.isrc != nil }
        let hasTexts = disc.layout.sheetTexts?.entries.values.contains { !$0.texts.isEmpty }
        return !codes && disc.layout.catalog == nil && disc.layout.cdText.isEmpty
            && !(hasTexts ?? false)
            && disc.stretches().allSatisfy {
                ($0.storage.form == .user || $0.storage.form == .absent)
                    && $0.storage.subchannel == .absent
            }
    }

    private func bestWay(
        _ inventory: DiscInventory,
        _ disc: any DiscSource,
        _ report: DiscReport,
        _ options: BurnOptions
    ) -> Way {
        let plain = isPlainData ? Way(losses: DiscLoss.losses(of: inventory, in: .iso)) : nil
        if let plain, plain.grave.isEmpty { return plain }
        let plan = DiscPlan(
            disc.layout,
            mode: options.mode == .trackAtOnce ? .trackAtOnce : nil,
            at: report.nextSession ?? .beginning,
            keepsOpen: options.keepsOpen
        )
        let way = Way(disc: plan, losses: plan.losses(of: inventory))
        guard let plain else { return way }
        // Only a CD has a place for more than data.
        let isCD = report.medium?.facts.family == .cd
        return isCD && way.grave.count < plain.grave.count ? way : plain
    }

    private func check(_ way: Way, _ options: BurnOptions) throws(Failure) {
        if let short = way.disc?.tracks.first(where: { $0.source.length < CDGaps.shortestTrack }) {
            throw Failure(
                notBurned:
                    "Track \(short.source.number) has \(short.source.length) sectors, and recorders write no track of less than \(CDGaps.shortestTrack) (4 s).",
                "Lengthen the track."
            )
        }
        guard options.allowsLoss || way.grave.isEmpty else {
            let list = way.grave.map(\.description).joined(separator: "; ")
            throw Failure(
                notBurned: "Not all of \(name) can be written to this disc: \(list).",
                "Burn it without these with --allow-loss.",
                .loss
            )
        }
    }
}
