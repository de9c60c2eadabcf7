public import DiscModel
public import Reports
import SpindleJobs
public import SystemPackage

/// Discs and drives in software, for programs that are to be tried without a drive.
public enum SoftwareDrive {
    /// Makes a blank virtual disc.
    ///
    /// - Parameters:
    ///   - path: The file to make.
    ///   - medium: The kind of disc.
    /// - Throws: ``SpindleError`` if there is such a file, or it can't be written.
    public static func makeDisc(_ path: FilePath, _ medium: MediumKind) throws(SpindleError) {
        do throws(VirtualDiscError) {
            try VirtualDisc.create(at: path, medium: medium)
        } catch {
            throw SpindleError(
                .trouble,
                error.description,
                meaning: "No disc was made.",
                advice: error.code == .exists ? "Choose another name." : ""
            )
        }
    }

    /// Runs a program that finds a virtual drive for each disc at `/dev/sr0`, `/dev/sr1` and so on.
    ///
    /// The discs keep what was written. The interposer has to be found: `libCDriveInterposer.so` in
    /// the folder of this program, in `../lib/spindle`, or at the path in `SPINDLE_INTERPOSER`.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - discs: Virtual discs, or images, which make pressed discs.
    ///   - faults: What goes wrong in each drive, as `spindle virtual run --fault` takes it.
    /// - Returns: The program's exit code, as a shell gives it.
    /// - Throws: ``SpindleError`` if the drives can't be made or the program can't be started.
    public static func run(
        _ command: [String],
        discs: [FilePath],
        faults: [String] = []
    ) async throws(SpindleError) -> Int32 {
        try await Blocking.call { () throws(SpindleError) in
            let drives = try VirtualDrives(discs: discs, faults: faults)
            defer { drives.stop() }
            return try drives.run(command)
        }
    }
}
