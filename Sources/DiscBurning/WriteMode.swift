/// How data are laid down on a disc that is written in order, as a person asks for it.
public enum WriteMode: String, CaseIterable, Hashable, Sendable {
    /// A CD's session in one go, its layout known beforehand.
    case sessionAtOnce = "sao"
    /// A CD's tracks one at a time.
    case trackAtOnce = "tao"
    /// Behind what is there, without a size beforehand: DVD-R, DVD-RW, DVD+R and BD-R.
    case incremental
    /// All of the disc in one go: CD, DVD-R and DVD-RW.
    case discAtOnce = "dao"
}
