import BuildFacts
import SpindleJobs

/// What `spindle --version` tells: the program's version, its commit, and the libraries' versions.
struct VersionDocument: Encodable {
    /// The version of the program: three numbers, as Docs/Releasing.md has them.
    static let number = "0.1.0"

    /// The version of the document.
    let version = 1
    let spindle = Self.number
    let commit = Build.commit
    /// Whether the sources differed from the commit; absent where the commit is not known.
    let isModified = Build.commit == nil ? nil : Build.isModified
    let libraries: [String: String]

    private let names: [String]

    private enum CodingKeys: String, CodingKey {
        case version, spindle, commit, isModified, libraries
    }

    init() {
        let loaded = LibraryVersion.loaded
        libraries = [String: String](uniqueKeysWithValues: loaded.map { ($0.name, $0.version) })
        names = loaded.map(\.name)
    }

    /// The same for a person.
    var lines: [String] {
        let origin = commit.map {
            " (commit \($0.prefix(12))\(isModified == true ? ", modified" : ""))"
        }
        let versions = names.compactMap { name in libraries[name].map { "\(name) \($0)" } }
        return ["spindle \(spindle)\(origin ?? "")", versions.joined(separator: ", ")]
    }

    /// Whether arguments that ask for the version ask for it in JSON.
    static func isJSON(_ arguments: [String]) -> Bool {
        arguments.prefix { $0 != "--" }.contains("--json")
    }
}
