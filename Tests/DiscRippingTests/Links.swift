import Foundation
import SystemPackage

/// Makes a link to the device that is always full.
func symlinkFull(at path: FilePath) -> Bool {
    do {
        try FileManager.default.createSymbolicLink(
            atPath: path.string,
            withDestinationPath: "/dev/full"
        )
        return true
    } catch {
        return false
    }
}
