import Foundation
import Testing

/// Other people's programs, which `Scripts/packages test` installs.
enum Peers {
    /// Fails the test where a program is missing: a peer that was not asked proves nothing.
    static func require(_ names: String...) throws {
        for name in names {
            let found = ["/usr/bin", "/usr/sbin", "/bin", "/usr/local/bin"].contains {
                FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
            }
            try #require(found, "\(name) is missing; Scripts/packages test installs it")
        }
    }
}
