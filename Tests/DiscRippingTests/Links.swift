import Foundation
import SystemPackage

/// Makes a link.
func symlink(at path: FilePath, to target: FilePath) throws {
    try FileManager.default.createSymbolicLink(
        atPath: path.string,
        withDestinationPath: target.string
    )
}

/// Makes a link to a name that nothing has.
func symlinkNowhere(at path: FilePath) -> Bool {
    let nowhere = path.string + ".nowhere"
    let files = FileManager.default
    return (try? files.createSymbolicLink(atPath: path.string, withDestinationPath: nowhere)) != nil
}
