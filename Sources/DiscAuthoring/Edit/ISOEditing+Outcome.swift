extension ISOEditing {
    /// Whether anything is other than before.
    public var isChanged: Bool { editor.counts != (0, 0, 0, 0) }

    /// What was made, in a sentence.
    public func outcome(_ name: String, isVerified: Bool) -> String {
        let others = editor.counts.added > 0 ? " and with what was added" : ""
        let check =
            isVerified
            ? " It was read back and compared with the image as it was\(others)."
            : ""
        return "\(name) is changed: \(summary).\(check)"
    }
}
