import LinuxCalls
import SpindleJobs

extension String {
    /// A path on a disc, as an operand names it.
    ///
    /// Names that are not UTF-8 are read as those on discs are.
    var onDisc: String {
        guard PathText.hasBytes(self) else { return self }
        return PathText.bytes(of: self).split(separator: 0x2F, omittingEmptySubsequences: false)
            .map { FileName.decoded($0) }.joined(separator: "/")
    }
}
