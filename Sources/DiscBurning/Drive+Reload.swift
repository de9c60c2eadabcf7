import DiscDrives
import MMC
import Reports
import SystemPackage

extension Drive {
    /// Opens the tray and draws it in again.
    ///
    /// - Returns: False where the tray stays open.
    static func reload(_ node: FilePath) throws(Failure) -> Bool {
        let drive = try Drive(node, writable: true)
        do {
            _ = try drive.commands.send(.preventRemoval(false))
            guard try drive.commands.send(.startStop(.eject)).succeeded else { return true }
            let load = try drive.commands.send(.startStop(.load))
            guard load.succeeded else {
                throw Failure(
                    .unchecked,
                    "The disc has to be loaded anew before it can be checked, and this drive can't do that by itself.",
                    meaning: "The disc may be good: nobody has looked.",
                    advice: "Close the tray, and run “spindle verify”."
                )
            }
            return true
        } catch let failure as Failure {
            throw failure
        } catch {
            return true
        }
    }
}
