public import DiscModel
import MMC

extension DiscReport {
    /// The kinds of disc that the drive writes, by the profiles that it lists.
    public var writableMedia: [MediumKind] {
        let kinds = Set((configuration?.profiles ?? []).compactMap(\.medium))
        return MediumKind.allCases.filter {
            kinds.contains($0) && $0.facts.recording != .readOnly
        }
    }
}
