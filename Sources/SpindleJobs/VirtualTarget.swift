import DiscImages
public import DriveTarget
import LibCrypto
public import LinuxCalls
public import Reports
public import SystemPackage
import VirtualDrive

/// Virtual drives with discs in them, as targets of iSCSI.
///
/// The drives live in this process and end with it; their discs keep what was written.
public final class VirtualTarget: Sendable {
    /// A drive that can be logged in to.
    public struct Drive: Hashable, Sendable, Codable {
        /// The name of the target.
        public var name: String
        /// The disc in it.
        public var path: String
    }

    /// The drives, in the order of the discs.
    public let drives: [Drive]
    private let server: TargetServer

    /// Makes a drive for each disc, and listens.
    ///
    /// - Parameters:
    ///   - discs: Virtual discs, or images, which make pressed discs.
    ///   - address: Where initiators find them.
    ///   - secret: What initiators have to know; it may be `nil` only if no other machine reaches the
    ///     address.
    ///   - faults: What goes wrong in the drives, as ``VirtualDrive/Fault`` reads it.
    ///   - model: The name of the model that the drives are.
    ///   - note: Told a sentence where an initiator broke the rules, on any thread.
    /// - Throws: ``Reports/Failure`` where a disc can't be used, or nobody may listen there.
    public init(
        discs: [FilePath],
        at address: InternetAddress,
        secret: TargetSecret?,
        faults: [String] = [],
        model: String = "plain",
        note: @escaping @Sendable (String) -> Void
    ) throws(Failure) {
        guard secret != nil || address.isLoopback else {
            throw Failure(
                .usage,
                "Other machines reach \(address), and nobody would have to say who they are.",
                meaning: "Nothing is served.",
                advice:
                    "Say --chap-user and --chap-secret-file, or listen on an address of this machine alone, such as 127.0.0.1."
            )
        }
        let profile = try VirtualDrives.find(
            model,
            "drive model",
            VirtualDrives.driveModels,
            DriveProfile.init(named:)
        )
        var units: [LogicalUnit] = []
        do {
            let faults = try faults.map { try Fault(parsing: $0) }
            for path in discs {
                let recorder = VirtualRecorder(
                    disc: try VirtualDisc(opening: path, for: .drive),
                    faults: faults,
                    profile: profile
                )
                units.append(LogicalUnit(recorder, serialNumber: Self.serialNumber(of: path)))
            }
        } catch {
            throw Failure(
                .unsuitable,
                "\(error)",
                meaning: "Nothing is served.",
                advice: "Name a disc made by “spindle virtual create”, or an image."
            )
        }
        do throws(SystemError) {
            server = try TargetServer(units, at: address, secret: secret, note: note)
        } catch {
            throw Failure(
                .trouble,
                error.isPermissionDenied ? .noPermission : .outputError,
                "Nobody can listen on \(address): \(error.reason).",
                meaning: "Nothing is served.",
                advice: "Name another address or port with --listen."
            )
        }
        drives = zip(server.names, discs).map { Drive(name: $0, path: $1.string) }
    }

    /// Where initiators find the drives.
    public var address: InternetAddress { server.address }

    /// Serves until ``end()``.
    ///
    /// - Throws: ``Reports/Failure`` where no more connections can be taken.
    public func serve() throws(Failure) {
        do throws(SystemError) {
            try server.serve()
        } catch {
            throw Failure(
                .trouble,
                "No more connections can be taken: \(error)",
                meaning: "The discs have what was written.",
                advice: "Try again later."
            )
        }
    }

    /// Ends all connections.
    public func end() { server.end() }

    /// The same for the same disc on the same machine, and another one for any other.
    private static func serialNumber(of path: FilePath) -> String {
        let machine = SystemText.read("/etc/machine-id") ?? ""
        let name = Array("\(machine) \(FileSystem.absolute(path))".utf8)
        do {
            var digest = try Digest(.sha256)
            digest.update(name.span)
            return "SV" + digest.finish().hexadecimal.prefix(12).uppercased()
        } catch {
            return "SV0000000001"
        }
    }
}
