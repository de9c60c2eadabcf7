public import LibCrypto

/// A line of a list of checksums, as the usual programs print and check it.
public enum SumLine {
    /// The line.
    ///
    /// The forms are those of coreutils (*cksum output modes* in its manual): digits, two blanks and the
    /// name; or `SHA256 (name) = digits`. A line feed, a carriage return or a backslash in the name is
    /// escaped, and a backslash in front of the line says so. A CRC-32 stands behind the name, as in
    /// lists of SFV.
    ///
    /// - Parameters:
    ///   - sum: The checksum.
    ///   - name: What it is of.
    ///   - isTagged: Whether it is told which kind of checksum it is.
    /// - Returns: The line without its end.
    public static func text(_ sum: Checksum, _ name: String, isTagged: Bool) -> String {
        if sum.algorithm == .crc32, !isTagged { return "\(name) \(sum.hexadecimal.uppercased())" }
        var escaped = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        let mark = escaped == name ? "" : "\\"
        return isTagged
            ? "\(mark)\(tag(sum.algorithm)) (\(escaped)) = \(sum.hexadecimal)"
            : "\(mark)\(sum.hexadecimal)  \(escaped)"
    }

    /// What coreutils and OpenSSL call a kind of checksum.
    private static func tag(_ algorithm: DigestAlgorithm) -> String {
        switch algorithm {
        case .md5: "MD5"
        case .sha1: "SHA1"
        case .sha224: "SHA224"
        case .sha256: "SHA256"
        case .sha384: "SHA384"
        case .sha512: "SHA512"
        case .sha3With224Bits: "SHA3-224"
        case .sha3With256Bits: "SHA3-256"
        case .sha3With384Bits: "SHA3-384"
        case .sha3With512Bits: "SHA3-512"
        case .blake2b: "BLAKE2b"
        case .crc32: "CRC32"
        }
    }
}
