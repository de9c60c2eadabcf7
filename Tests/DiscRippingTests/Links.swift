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

/// Makes a link to a name that nothing has.
func symlinkNowhere(at path: FilePath) -> Bool {
    let nowhere = path.string + ".nowhere"
    let files = FileManager.default
    return (try? files.createSymbolicLink(atPath: path.string, withDestinationPath: nowhere)) != nil
}
