import DiscDrives
import LibBurn
import LibCodecs
import LibCrypto
import LibFUSE
import LibISOFS
import LibSound

/// A library that Spindle works with.
public struct LibraryVersion: Sendable, Hashable {
    /// Its name, such as “libburn”.
    public let name: String
    /// The version that is loaded, such as “1.5.4”.
    public let version: String

    /// The libraries of this process: first those that work the drives, then the others by name.
    public static var loaded: [LibraryVersion] {
        [
            LibraryVersion(name: "libburn", version: BurnVersion.loaded),
            LibraryVersion(name: "libcdio", version: Doctor.libcdioVersion),
        ]
            + (CodecLibrary.all.map { LibraryVersion(name: $0.name, version: $0.version) }
            + SoundLibrary.all.map { LibraryVersion(name: $0.name, version: $0.version) }
            + [
                LibraryVersion(name: "libfuse", version: FUSEVersion.loaded),
                LibraryVersion(name: "libisofs", version: ISOVersion.loaded),
                LibraryVersion(name: "openssl", version: CryptoLibrary.version),
            ])
            .sorted { $0.name < $1.name }
    }
}
