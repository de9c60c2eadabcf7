public import Reports
import SpindleJobs
public import SystemPackage

/// An optical drive of this machine.
public struct Drive: Sendable, Hashable {
    /// Its device node, such as `/dev/sr0`.
    public let path: FilePath
    /// Its maker.
    public let vendor: String
    /// Its model.
    public let product: String
    /// The revision of its firmware.
    public let revision: String

    /// Asks a drive who it is.
    ///
    /// - Parameter path: Its device node.
    /// - Throws: ``SpindleError`` if there is none, if it is busy, or if this user may not use it.
    public init(_ path: FilePath) async throws(SpindleError) {
        self = try await Blocking.call { () throws(SpindleError) in try Drive(asking: path) }
    }

    /// The drives of this machine; those that can't be asked are left out.
    public static var all: [Drive] {
        get async {
            let drives = try? await Blocking.call { () throws(SpindleError) in
                DriveList.nodes().compactMap { try? Drive(asking: $0) }
            }
            return drives ?? []
        }
    }

    /// The disc in it.
    public var disc: Disc {
        get async throws(SpindleError) { try await Disc(path) }
    }

    private init(asking path: FilePath) throws(SpindleError) {
        let identity = try SpindleJobs.Drive.unclaimed(path).identity
        self.path = path
        vendor = identity.vendor
        product = identity.product
        revision = identity.revision
    }
}
