package import LinuxCalls

extension Base64 {
    /// Bytes in the letters that MusicBrainz and CTDB use in ids: `.`, `_` and `-` for `+`, `/` and `=`.
    package static func identifier(_ bytes: [UInt8]) -> String {
        let other = ["+": ".", "/": "_", "=": "-"] as [Character: Character]
        return String(encode(bytes).map { other[$0] ?? $0 })
    }
}
